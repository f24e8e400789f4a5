import { setTimeout as wait } from "node:timers/promises";

import type { HTTPResponse, Page } from "puppeteer-core";

import { REFUSED_HEADER } from "../egress/job-proxy.ts";
import type { PrintOptions } from "../form/fields.ts";
import { hasStatus } from "../form/values.ts";
import { Refusal } from "../refusal.ts";
import { within } from "../within.ts";

const POLL_MS = 50;

/**
 * Loads a page and waits for what its form asks for. Throws a {@link Refusal} for what did not hold.
 *
 * @returns throws for what did not hold since then
 */
export async function loadPage(
  page: Page,
  { url, options }: { readonly url: string; readonly options: PrintOptions },
  signal: AbortSignal,
): Promise<() => void> {
  const faults = watch(page, options);
  await within(signal, prepare(page, options));
  const until = options.wait.until === "load" ? ("load" as const) : (["load", options.wait.until] as const);
  const answer = await within(
    signal,
    page.goto(url, { waitUntil: typeof until === "string" ? until : [...until], timeout: 0 }),
  );
  if (answer !== null && hasStatus(options.failOn.statuses, answer.status()))
    faults.push(statusFault("the page", answer));
  throwFirst(faults);
  await waitFor(page, options.wait, signal);
  throwFirst(faults);
  return () => throwFirst(faults);
}

async function prepare(page: Page, { media, headers, userAgent, cookies }: PrintOptions): Promise<void> {
  // a dialogue waits for an answer, and the page with it
  page.on("dialog", (dialog) => void dialog.dismiss().catch(() => undefined));
  await page.emulateMediaType(media.type);
  if (media.features.length > 0) await emulateFeatures(page, media.features);
  if (Object.keys(headers).length > 0) await page.setExtraHTTPHeaders({ ...headers });
  if (userAgent !== "") await page.setUserAgent({ userAgent });
  if (cookies.length > 0) await page.browserContext().setCookie(...cookies.map((cookie) => ({ path: "/", ...cookie })));
}

async function emulateFeatures(page: Page, features: PrintOptions["media"]["features"]): Promise<void> {
  await page.emulateMediaFeatures([...features]).catch((error: unknown) => {
    throw new Refusal("PDF_FIELD_INVALID", `the field emulatedMediaFeatures is refused: ${String(error)}`, {
      cause: error,
    });
  });
}

/** Gathers what the form says must not happen, and a page that goes where it may not. */
function watch(page: Page, { failOn }: PrintOptions): Refusal[] {
  const faults: Refusal[] = [];
  page.on("response", (answer) => {
    const own = answer.request().isNavigationRequest() && answer.frame() === page.mainFrame();
    if (own && answer.headers()[REFUSED_HEADER] !== undefined) {
      faults.unshift(new Refusal("PDF_ADDRESS_REFUSED", `${host(answer.url())} is not connected to`));
    } else if (!own && hasStatus(failOn.resourceStatuses, answer.status())) {
      faults.push(statusFault("a resource", answer));
    }
  });
  if (failOn.resourceFailures) {
    page.on("requestfailed", (request) => {
      const reason = request.failure()?.errorText ?? "no reason given";
      faults.push(new Refusal("PDF_PAGE_FAILED", `a resource of ${host(request.url())} was not loaded: ${reason}`));
    });
  }
  if (failOn.exceptions) {
    page.on("pageerror", (error) =>
      faults.push(new Refusal("PDF_PAGE_FAILED", `a script of the page threw: ${String(error).slice(0, 200)}`)),
    );
  }
  return faults;
}

/** Waits in Gotenberg's order. Scripts run in the page, which may have been closed to `eval`. */
async function waitFor(page: Page, asked: PrintOptions["wait"], signal: AbortSignal): Promise<void> {
  if (asked.delayMs > 0) await wait(asked.delayMs, undefined, { signal }).catch(() => signal.throwIfAborted());
  if (asked.windowStatus !== "")
    await untilTrue(page, `window.status === ${JSON.stringify(asked.windowStatus)}`, signal);
  if (asked.expression !== "") await untilTrue(page, asked.expression, signal);
  if (asked.selector !== "") {
    await within(signal, page.waitForSelector(asked.selector, { visible: true, timeout: 0 }));
  }
}

async function untilTrue(page: Page, expression: string, signal: AbortSignal): Promise<void> {
  while (!(await within(signal, evaluate(page, expression)))) {
    await wait(POLL_MS, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}

async function evaluate(page: Page, expression: string): Promise<boolean> {
  try {
    return (await page.evaluate(expression)) === true;
  } catch (error) {
    if (page.isClosed() || !page.browser().connected) throw error;
    throw new Refusal("PDF_FIELD_INVALID", `the expression to wait for threw: ${String(error).slice(0, 200)}`, {
      cause: error,
    });
  }
}

function statusFault(what: string, answer: HTTPResponse): Refusal {
  return new Refusal("PDF_PAGE_FAILED", `${what} of ${host(answer.url())} answered ${answer.status()}`);
}

function throwFirst(faults: readonly Refusal[]): void {
  const [fault] = faults;
  if (fault !== undefined) throw fault;
}

/** Of an address only the host is told: the rest may hold a secret. */
function host(url: string): string {
  return URL.parse(url)?.host ?? "the page";
}
