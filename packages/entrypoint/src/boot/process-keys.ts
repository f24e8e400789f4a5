import { SIGNALS } from "../process/signals.ts";
import { RUN, type KeyRow } from "./key-row.ts";

/** Pauses before restarts grow up to this. */
export const LONGEST_PAUSE_MS = 30_000;

/** Keys of a process. */
export const PROCESS_KEYS: readonly KeyRow[] = [
  RUN,
  {
    key: "stopSignal",
    rule: { kind: "choice", of: SIGNALS.map(({ signal }) => signal) },
    required: false,
    fallback: "SIGTERM",
    meaning: "What asks it to end, e.g. SIGQUIT for nginx.",
  },
  {
    key: "restart",
    rule: { kind: "choice", of: ["never", "failure", "always"] },
    required: false,
    fallback: "never",
    meaning: "When it is started again.",
  },
  {
    key: "restarts",
    rule: { kind: "count", least: 1, most: 1_000_000 },
    required: false,
    fallback: 5,
    meaning: "How many restarts in a row before its end counts. A run of more than half a minute begins a new row.",
  },
  {
    key: "backOff",
    rule: { kind: "duration", mostMs: LONGEST_PAUSE_MS },
    required: false,
    fallback: "1s",
    meaning: "The pause before the first restart; doubled for each further one, up to half a minute.",
  },
];
