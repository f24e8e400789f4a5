import { setTimeout as wait } from "node:timers/promises";

import type { HTTPResponse, Page } from "puppeteer-core";

import { REFUSED_HEADER } from "../egress/job-proxy.ts";
import type { PrintOptions } from "../form/fields.ts";
import { hasStatus } from "../form/values.ts";
import { Refusal } from "../refusal.ts";
import { within } from "../within.ts";
import { noPageIn } from "./no-page.ts";
import { wentElsewhere } from "./reasons.ts";

const POLL_MS = 50;

/** Puppeteer may tell of an answer after it has told that its page was given up. */
const LATE_ANSWER_MS = 1000;

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
  const answer = await within(signal, open(page, url, options.wait.until));
  if (answer !== null && hasStatus(options.failOn.statuses, answer.status()))
    faults.push(statusFault("the page", answer));
  throwFirst(faults);
  await waitFor(page, options.wait, signal);
  throwFirst(faults);
  return () => throwFirst(faults);
}

async function open(page: Page, url: string, until: PrintOptions["wait"]["until"]): Promise<HTTPResponse | null> {
  let last: HTTPResponse | undefined;
  const answered = Promise.withResolvers<void>();
  page.on("response", (answer) => {
    if (!isOwn(page, answer)) return;
    last = answer;
    answered.resolve();
  });
  try {
    return await page.goto(url, { waitUntil: until === "load" ? until : ["load", until], timeout: 0 });
  } catch (error) {
    if (!String(error).includes("net::ERR_ABORTED")) throw error;
    await Promise.race([answered.promise, wait(LATE_ANSWER_MS)]);
    const reason = last === undefined ? undefined : noPageIn({ status: last.status(), headers: last.headers() });
    if (reason === undefined) throw error;
    throw new Refusal("PDF_PAGE_FAILED", `${host(url)} answered with no page: ${reason}`, { cause: error });
  }
}

async function prepare(page: Page, { media, headers, userAgent, cookies }: PrintOptions): Promise<void> {
  // a dialogue waits for an answer, and the page with it
  page.on("dialog", (dialog) => void dialog.dismiss().catch(() => undefined));
  await page.emulateMediaType(media.type);
  if (Object.keys(headers).length > 0) await page.setExtraHTTPHeaders({ ...headers });
  const { features } = media;
  if (features.length > 0) await taken(page, "emulatedMediaFeatures", page.emulateMediaFeatures([...features]));
  if (userAgent !== "") await taken(page, "userAgent", page.setUserAgent({ userAgent }));
  if (cookies.length > 0) {
    const list = cookies.map((cookie) => ({ path: "/", ...cookie }));
    await taken(page, "cookies", page.browserContext().setCookie(...list));
  }
}

/** What the browser does not take of a field is the client's to mend. */
async function taken(page: Page, field: string, setting: Promise<unknown>): Promise<void> {
  await setting.catch((error: unknown) => {
    if (isLost(page, error)) throw error;
    const reason = String(error).slice(0, 200);
    throw new Refusal("PDF_FIELD_INVALID", `the browser does not take the field ${field}: ${reason}`, { cause: error });
  });
}

/** Gathers what the form says must not happen, and a page that goes where it may not. */
function watch(page: Page, { failOn }: PrintOptions): Refusal[] {
  const faults: Refusal[] = [];
  page.on("response", (answer) => {
    const own = isOwn(page, answer);
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
  // Puppeteer would wait for ever for a selector that cannot be read
  if (asked.selector !== "") await within(signal, taken(page, "waitForSelector", page.$(asked.selector)));
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
    if (isLost(page, error)) throw error;
    throw new Refusal("PDF_FIELD_INVALID", `the expression to wait for threw: ${String(error).slice(0, 200)}`, {
      cause: error,
    });
  }
}

function isOwn(page: Page, answer: HTTPResponse): boolean {
  return answer.request().isNavigationRequest() && answer.frame() === page.mainFrame();
}

/** Whether an error comes from the page's end, or its leaving, and not from what it was asked. */
function isLost(page: Page, error: unknown): boolean {
  return page.isClosed() || !page.browser().connected || wentElsewhere(error);
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
