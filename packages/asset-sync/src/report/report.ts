import type { Target } from "../config/target.ts";
import type { RetentionRules } from "../ledger/retention.ts";
import { openStore } from "../store/open-store.ts";
import { requestCounter } from "../store/request-counter.ts";
import { orInterruption } from "../sync/interruption.ts";
import { readLedger } from "../sync/ledger-access.ts";
import { usageOf, type Usage } from "./usage.ts";

/** What a target's ledger says of what is stored, in one request; `rules` are those of the next collection. */
export async function report(
  target: Target,
  rules: RetentionRules,
  control: { readonly signal?: AbortSignal } = {},
): Promise<Usage> {
  const store = openStore(target, requestCounter());
  try {
    const { ledger } = await readLedger(store, control.signal);
    return usageOf(ledger, rules, Math.floor(store.now()));
  } catch (error) {
    throw orInterruption(error, control.signal, "The report");
  } finally {
    store.close();
  }
}
