import { setTimeout as wait } from "node:timers/promises";

import type { Browser, BrowserContext, Page } from "puppeteer-core";

import { startJobProxy, type JobNetwork, type JobProxy } from "../egress/job-proxy.ts";
import type { PrintOptions } from "../form/fields.ts";
import { Refusal } from "../refusal.ts";
import type { Lease } from "./fleet.ts";
import { loadPage } from "./load-page.ts";
import { pdfOptions } from "./pdf-options.ts";
import { reasonOf, whileLeaving } from "./reasons.ts";
import { within } from "../within.ts";

/** A context that is not gone by then belongs to a browser that is stuck. */
const DISPOSE_LIMIT_MS = 3000;

/** One page to print. */
export interface PrintJob {
  readonly url: string;
  readonly options: PrintOptions;
  readonly header: string | undefined;
  readonly footer: string | undefined;
  readonly network: JobNetwork;
  readonly pdfBytes: number;
}

/**
 * Prints a page in a browser context of its own, behind a proxy of its own; both are gone when it resolves. Throws a
 * {@link Refusal}, or the signal's reason.
 */
export async function print(lease: Lease, job: PrintJob, signal: AbortSignal): Promise<Buffer> {
  const { browser, crashes } = lease;
  await using proxy = await startJobProxy(job.network);
  const outside = AbortSignal.any([signal, proxy.signal]);
  let context: BrowserContext | undefined;
  let limit = outside;
  try {
    context = await within(outside, openContext(browser, proxy));
    limit = AbortSignal.any([outside, crashes.signalOf(context.id ?? "")]);
    return await printIn(context, job, limit);
  } catch (error) {
    throw reasonOf(error, { limit, proxy, connected: browser.connected });
  } finally {
    crashes.forget(context?.id ?? "");
    if (context !== undefined && !(await closes(context))) lease.retire();
  }
}

function openContext(browser: Browser, { url }: JobProxy): Promise<BrowserContext> {
  return browser.createBrowserContext({
    proxyServer: url,
    proxyBypassList: ["<-loopback>"],
    downloadBehavior: { policy: "deny" },
  });
}

async function printIn(context: BrowserContext, job: PrintJob, limit: AbortSignal): Promise<Buffer> {
  const page = await within(limit, context.newPage());
  closePopups(page);
  const hasLeft = watchDeparture(page);
  const checkAgain = await loadPage(page, job, limit);
  const pdf = await readPdf(page, job, limit).catch((error: unknown) => {
    throw hasLeft() ? whileLeaving(error) : error;
  });
  checkAgain();
  return pdf;
}

/** Tells whether a page has begun to go to another document than its first. */
function watchDeparture(page: Page): () => boolean {
  let documents = 0;
  page.on("request", (request) => {
    const isPage = request.isNavigationRequest() && request.frame() === page.mainFrame();
    if (isPage && request.redirectChain().length === 0) documents += 1;
  });
  return () => documents > 1;
}

/** Windows that a page opens are nobody's to look at. */
function closePopups(page: Page): void {
  page.on("popup", (opened) => void opened?.close().catch(() => undefined));
}

async function readPdf(
  page: Page,
  { options, header, footer, pdfBytes }: PrintJob,
  signal: AbortSignal,
): Promise<Buffer> {
  const stream = await within(signal, page.createPDFStream(pdfOptions(options, { header, footer })));
  const reader = stream.getReader();
  const chunks: Uint8Array[] = [];
  let total = 0;
  for (;;) {
    const { done, value } = await within(signal, reader.read());
    if (done) return Buffer.concat(chunks);
    total += value.length;
    if (total > pdfBytes) throw new Refusal("PDF_TOO_LARGE", `the PDF is larger than ${pdfBytes / 1e6} MB`);
    chunks.push(value);
  }
}

async function closes(context: BrowserContext): Promise<boolean> {
  const closed = context.close().then(
    () => true,
    () => true,
  );
  return Promise.race([closed, wait(DISPOSE_LIMIT_MS, false, { ref: false })]);
}
