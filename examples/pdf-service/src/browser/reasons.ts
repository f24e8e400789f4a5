import { Refusal } from "../refusal.ts";

/** What was going on when a print failed. */
interface Circumstances {
  readonly limit: AbortSignal;
  readonly proxy: { readonly refusals: readonly string[] };
  readonly connected: boolean;
}

/** What Chromium says of settings that nothing can be printed with. */
const SETTINGS = /page range|print parameter|content area is empty|invalid print/i;

const WENT_ELSEWHERE = /context was destroyed|cannot find context|net::ERR_ABORTED/i;

const GONE =
  /printing failed|target closed|session closed|connection closed|page crashed|detached|protocol error.*closed/i;

/**
 * The refusal that an error of the browser stands for. What comes after a limit was met, or the browser lost, follows from
 * that. An error of which nothing is known stays what it is.
 */
export function reasonOf(error: unknown, { limit, proxy, connected }: Circumstances): unknown {
  if (limit.aborted) return limit.reason;
  if (error instanceof Refusal) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (!connected || GONE.test(message)) return new Refusal("PDF_BROWSER_LOST", "the browser ended", { cause: error });
  if (wentElsewhere(error)) return departed(error);
  const [net] = /net::\w+/.exec(message) ?? [];
  const [refused] = proxy.refusals;
  if (net === "net::ERR_TUNNEL_CONNECTION_FAILED" && refused !== undefined) {
    return new Refusal("PDF_ADDRESS_REFUSED", refused, { cause: error });
  }
  if (net !== undefined)
    return new Refusal("PDF_PAGE_UNREACHABLE", `the page was not loaded: ${net}`, { cause: error });
  if (SETTINGS.test(message)) return new Refusal("PDF_SETTINGS_REFUSED", message.slice(0, 200), { cause: error });
  return error;
}

/** The same for a page that has begun to leave: its print then fails as it does when the browser is lost. */
export function whileLeaving(error: unknown): unknown {
  return /printing failed/i.test(String(error)) ? departed(error) : error;
}

function departed(error: unknown): Refusal {
  return new Refusal("PDF_PAGE_FAILED", "the page went elsewhere before it was printed", { cause: error });
}

/** Whether an error says that the page left while it was loaded or asked. */
export function wentElsewhere(error: unknown): boolean {
  return WENT_ELSEWHERE.test(String(error));
}
