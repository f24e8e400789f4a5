import { bytesText, count } from "../amounts.ts";
import { findingText } from "../scan/findings.ts";
import type { SyncEvent, SyncSummary } from "../events.ts";

type EventType = SyncEvent["type"];
type EventOf<T extends EventType> = Extract<SyncEvent, { readonly type: T }>;

/** The line that people get for each type of event; none for those that are only of interest to programs. */
const LINES: { readonly [T in EventType]: ((event: EventOf<T>) => string) | undefined } = {
  scanned: ({ files, bytes }) => `scanned   ${count(files, "file")}, ${bytesText(bytes)}`,
  finding: (finding) => `warning   ${findingText(finding)}`,
  "ledger-read": ({ files, releases, key }) =>
    `ledger    ${count(files, "file")} of ${count(releases, "release")}  ${key}`,
  compressing: ({ files, bytes }) => `packing   ${count(files, "sibling")} of ${bytesText(bytes)}`,
  compressed: ({ files, bytes, saved }) =>
    `packed    ${count(files, "sibling")} that are smaller, ${bytesText(bytes)}; ${bytesText(saved)} less to load`,
  planned: ({ puts, copies, unchanged, bytes }) =>
    `plan      ${puts} to send (${bytesText(bytes)}), ${headersPart(copies, "to get")}${unchanged} there already`,
  phase: ({ files, phase, bytes }) => `sending   ${count(files, `${phase} file`)}, ${bytesText(bytes)}`,
  uploaded: undefined,
  copied: undefined,
  present: undefined,
  "ledger-set-aside": ({ aside, reason }) => `ledger    damaged, kept as ${aside}; ${reason}`,
  "ledger-rebuilt": ({ files }) => `ledger    made anew from a listing of ${count(files, "file")}`,
  "collection-awaited": ({ files, until }) =>
    `waiting   ${count(files, "file")} that a collection is deleting, until ${clockTime(until)} at the latest; ` +
    "if it was killed and is gone for certain, `asset-sync collect --take-over` ends the wait",
  "ledger-conflict": ({ attempt }) => `ledger    written by another build meanwhile; merging (attempt ${attempt})`,
  "ledger-written": () => "ledger    written",
  invalidated: ({ paths, distribution }) => `cdn       ${count(paths.length, "path")} invalidated at ${distribution}`,
  "receipt-written": ({ file }) => `receipt   ${file}`,
  summary: summaryLine,
};

/** The line that people get for an event; undefined for one that is only of interest to programs. */
export function eventLine(event: SyncEvent): string | undefined {
  return lineOf(event.type, event);
}

function lineOf<T extends EventType>(type: T, event: EventOf<T>): string | undefined {
  return LINES[type]?.(event);
}

/** `3 to get other headers, ` and nothing for none. */
function headersPart(copies: number, verb: "to get" | "got"): string {
  return copies === 0 ? "" : `${copies} ${verb} other headers, `;
}

function summaryLine(summary: SyncSummary): string {
  const { uploaded, copied, dryRun, unchanged, requests, release, target, bytesSaved, peers } = summary;
  const verb = dryRun ? "would send" : "sent";
  const kinds = Object.entries(requests)
    .filter(([kind, number]) => kind !== "total" && number > 0)
    .map(([kind, number]) => `${number} ${kind.toUpperCase()}`);
  const made = `${count(requests.total, "request")}${kinds.length === 0 ? "" : ` (${kinds.join(", ")})`}`;
  return (
    `${release} at ${target}: ${verb} ${count(uploaded, "file")} (${bytesText(summary.bytes)}), ` +
    `${headersPart(copied, dryRun ? "to get" : "got")}${unchanged} unchanged, ` +
    `${bytesSaved === 0 ? "" : `${bytesText(bytesSaved)} less to load by compression, `}${made} ` +
    `(computed for asset_sync: ${peers.assetSync}, aws s3 sync: ${peers.awsS3Sync}), ${summary.seconds.toFixed(1)} s`
  );
}

function clockTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}
