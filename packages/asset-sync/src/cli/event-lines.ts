import type { SyncEvent, SyncSummary } from "../events.ts";

/** The line that people get for an event; undefined for one that is only of interest to programs. */
export function eventLine(event: SyncEvent): string | undefined {
  switch (event.type) {
    case "scanned":
      return `scanned   ${count(event.files, "file")}, ${bytesText(event.bytes)}`;
    case "ledger-read":
      return `ledger    ${count(event.files, "file")} of ${count(event.releases, "release")}  ${event.key}`;
    case "planned":
      return (
        `plan      ${event.puts} to send (${bytesText(event.bytes)}), ` +
        `${event.copies === 0 ? "" : `${event.copies} to get other headers, `}${event.unchanged} there already`
      );
    case "phase":
      return `sending   ${count(event.files, `${event.phase} file`)}, ${bytesText(event.bytes)}`;
    default:
      return endLine(event);
  }
}

function endLine(event: SyncEvent): string | undefined {
  switch (event.type) {
    case "ledger-conflict":
      return `ledger    written by another build meanwhile; merging (attempt ${event.attempt})`;
    case "ledger-written":
      return `ledger    written`;
    case "receipt-written":
      return `receipt   ${event.file}`;
    case "summary":
      return summaryLine(event);
    default:
      return undefined;
  }
}

function summaryLine(summary: SyncSummary): string {
  const { uploaded, copied, unchanged, requests, release, target } = summary;
  const verb = summary.dryRun ? "would send" : "sent";
  const kinds = Object.entries(requests)
    .filter(([kind, number]) => kind !== "total" && number > 0)
    .map(([kind, number]) => `${number} ${kind.toUpperCase()}`);
  const made = `${count(requests.total, "request")}${kinds.length === 0 ? "" : ` (${kinds.join(", ")})`}`;
  return (
    `${release} at ${target}: ${verb} ${count(uploaded, "file")} (${bytesText(summary.bytes)}), ` +
    `${copied === 0 ? "" : `${copied} with other headers, `}${unchanged} unchanged, ${made}, ${summary.seconds.toFixed(1)} s`
  );
}

/** `1 file`, `2 files`. */
export function count(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? "" : "s"}`;
}

/** `812 B`, `3.4 MB`; powers of 1000. */
export function bytesText(number: number): string {
  const units = ["B", "KB", "MB", "GB", "TB"] as const;
  const power = number < 1000 ? 0 : Math.min(Math.floor(Math.log10(number) / 3), units.length - 1);
  const value = number / 1000 ** power;
  return `${power === 0 ? value : value.toFixed(1)} ${units[power]}`;
}
