import type { Browser } from "puppeteer-core";

import { Refusal } from "../refusal.ts";

/** Knows when a page's process or the browser has ended, also before Puppeteer has the page. */
export interface CrashWatch {
  /** Aborted, with a {@link Refusal}, when the browser has ended, or a process of the context's pages and frames. */
  signalOf(context: string): AbortSignal;
  forget(context: string): void;
}

/** Listens to the browser itself: Puppeteer waits for ever for a page that ends while it is opened. */
export async function watchCrashes(browser: Browser): Promise<CrashWatch> {
  const contexts = new Map<string, string>();
  const controls = new Map<string, AbortController>();
  browser.once("disconnected", () => {
    for (const control of controls.values()) control.abort(new Refusal("PDF_BROWSER_LOST", "the browser ended"));
  });
  const session = await browser.target().createCDPSession();
  session.on("Target.targetCreated", ({ targetInfo: { targetId, browserContextId } }) => {
    if (browserContextId !== undefined) contexts.set(targetId, browserContextId);
  });
  session.on("Target.targetDestroyed", ({ targetId }) => contexts.delete(targetId));
  session.on("Target.targetCrashed", ({ targetId }) => {
    controls.get(contexts.get(targetId) ?? "")?.abort(new Refusal("PDF_BROWSER_LOST", "the page's process ended"));
  });
  await session.send("Target.setDiscoverTargets", { discover: true });
  return {
    signalOf: (context) => {
      const control = new AbortController();
      if (!browser.connected) control.abort(new Refusal("PDF_BROWSER_LOST", "the browser ended"));
      controls.set(context, control);
      return control.signal;
    },
    forget: (context) => void controls.delete(context),
  };
}
