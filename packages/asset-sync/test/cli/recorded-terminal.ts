import type { Terminal } from "../../src/cli/terminal.ts";

/** A terminal that keeps what is written to it. */
export interface RecordedTerminal extends Terminal {
  out(): string;
  err(): string;
  /** The lines of stdout as JSON. */
  lines(): readonly Record<string, unknown>[];
}

/** Nobody's terminal unless `columns` say how wide it is. */
export function recordedTerminal(directory: string, columns?: number): RecordedTerminal {
  let out = "";
  let err = "";
  const shape = columns === undefined ? {} : { isTTY: true, columns };
  return {
    stdout: { ...shape, write: (text) => (out += text) },
    stderr: { ...shape, write: (text) => (err += text) },
    environment: { NO_COLOR: "1" },
    directory,
    out: () => out,
    err: () => err,
    lines: () =>
      out
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line)),
  };
}
