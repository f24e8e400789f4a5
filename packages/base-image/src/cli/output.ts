import { stripVTControlCharacters, styleText } from "node:util";

import type { BaseImageEvent } from "../events.ts";

/** Where a verb's results go. Results are for the standard output, words for people go there only without `--json`. */
export interface Output {
  readonly json: boolean;
  readonly quiet: boolean;
  /** The result itself: on the standard output; nothing with `--json`, which has it in the summary. */
  result(text: string): void;
  /** Words for people. */
  say(text: string): void;
  /** An event, as a line of JSON with `--json`. */
  event(event: BaseImageEvent): void;
  /** What the last line has with `--json`; written when the program ends. */
  summary(summary: object): void;
}

/** What is written to; the process' own streams outside tests. */
export interface Streams {
  readonly stdout: NodeJS.WritableStream;
  /** People's words; with `isTTY` a terminal of `columns`. */
  readonly stderr: NodeJS.WritableStream & { readonly columns?: number; readonly isTTY?: boolean };
}

/** The output for these flags. */
export function createOutput(
  streams: Streams,
  flags: { readonly json: boolean; readonly quiet: boolean },
  summary: (summary: object) => void,
): Output {
  const { json, quiet } = flags;
  const line = (value: object): void => void streams.stdout.write(`${JSON.stringify(value)}\n`);
  return {
    json,
    quiet,
    result: (text) => {
      if (!json) streams.stdout.write(text);
    },
    say: (text) => {
      if (!quiet) streams.stderr.write(printable(text));
    },
    event: (event) => {
      if (json) line(event);
    },
    summary,
  };
}

/** Text without what could move a terminal's cursor or change its colours, but for line ends and tabs. */
export function printable(text: string): string {
  return stripVTControlCharacters(text).replaceAll(/[^\P{Cc}\n\t]/gu, "");
}

/** A word in colour where the standard output has colours and NO_COLOR is not set. */
export function coloured(colour: "green" | "red" | "yellow" | "cyan" | "dim" | "bold", text: string): string {
  return styleText(colour, text, { stream: process.stdout });
}
