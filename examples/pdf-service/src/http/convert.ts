import type { IncomingMessage } from "node:http";

import type { Fleet } from "../browser/fleet.ts";
import { print, type PrintJob } from "../browser/print.ts";
import type { Config } from "../config.ts";
import { DOCUMENT_HOST } from "../egress/job-proxy.ts";
import { targetOf } from "../egress/host-rules.ts";
import { readFields } from "../form/fields.ts";
import { readForm, type Form } from "../form/read-form.ts";
import type { PrintQueue } from "../queue/print-queue.ts";
import { Refusal } from "../refusal.ts";
import type { HeldBytes } from "./held-bytes.ts";
import { inTime } from "./in-time.ts";

/** Where a form's page is: in the form, or at an address. */
export type Source = "html" | "url";

/** What requests share. */
export interface Workshop {
  readonly config: Config;
  readonly queue: PrintQueue;
  readonly fleet: Fleet;
  readonly held: HeldBytes;
}

/**
 * Answers one form with its PDF. Throws a {@link Refusal}, or the signal's reason.
 *
 * @param signal ends the work when nobody waits for it any more
 */
export async function convert(
  { config, queue, fleet, held }: Workshop,
  { request, source }: { readonly request: IncomingMessage; readonly source: Source },
  signal: AbortSignal,
): Promise<Buffer> {
  refuseWebhook(request);
  queue.check();
  using share = held.share();
  const job = await inTime(config.timeoutMs, signal, async (limit) => {
    const form = await readForm(request, {
      bodyBytes: config.bodyBytes,
      hold: (bytes) => share.take(bytes),
      signal: limit,
    });
    return jobOf(config, form, source);
  });
  return inTime(config.timeoutMs, signal, async (limit) => {
    using _place = await queue.enter(limit);
    const lease = await fleet.lease(limit);
    try {
      return await print(lease, job, limit);
    } finally {
      lease.release();
    }
  });
}

/** What a form asks for, once it is known to be whole. */
function jobOf(config: Config, form: Form, source: Source): PrintJob {
  const files = new Map(form.files);
  const [header, footer] = ["header.html", "footer.html"].map((name) => files.get(name)?.toString("utf8"));
  files.delete("header.html");
  files.delete("footer.html");
  const urls = form.fields.filter(([name]) => source === "url" && name === "url");
  const fields = form.fields.filter(([name]) => source !== "url" || name !== "url");
  return {
    url: source === "html" ? documentUrl(files) : pageUrl(urls.map(([, url]) => url)),
    options: readFields(fields, config.timeoutMs),
    header,
    footer,
    network: { rules: config, files, fetchBytes: config.fetchBytes },
    pdfBytes: config.pdfBytes,
  };
}

function documentUrl(files: ReadonlyMap<string, Buffer>): string {
  if (!files.has("index.html")) throw new Refusal("PDF_FILE_INVALID", "the form has no file index.html");
  return `http://${DOCUMENT_HOST}/index.html`;
}

function pageUrl(urls: readonly string[]): string {
  const [url = "", second] = urls;
  if (url === "" || second !== undefined) throw new Refusal("PDF_FIELD_INVALID", "the field url is needed, once");
  if (targetOf(url) === undefined) {
    throw new Refusal(
      "PDF_ADDRESS_REFUSED",
      `the field url is ${JSON.stringify(url.slice(0, 60))}: expected http or https`,
    );
  }
  return url;
}

/** Gotenberg would answer at once and send the PDF to another server later. */
function refuseWebhook({ headers }: IncomingMessage): void {
  const name = Object.keys(headers).find((each) => each.startsWith("gotenberg-webhook-"));
  if (name !== undefined) throw new Refusal("PDF_FIELD_UNSUPPORTED", `the header ${name} is not supported here`);
}
