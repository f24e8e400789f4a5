import { styleText } from "node:util";

import type { Environment } from "../config/environment.ts";
import { printable, printableLine } from "./printable.ts";

/** A stream that can be written to, perhaps a terminal. */
export interface Output {
  readonly isTTY?: boolean;
  /** Its width, when it is a terminal. */
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

/** What a command line runs in; tests give their own. */
export interface Terminal {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly environment: Environment;
  readonly directory: string;
}

/** Writes lines for people; with `--json` they go to stderr, since stdout then carries one object per line. */
export interface Printer {
  /** Whether a line can be written over. */
  readonly isLive: boolean;
  line(text: string): void;
  /** A line that the next one takes the place of, made for the width there is; where that cannot be, a plain line. */
  live(text: (columns: number) => string): void;
  /** Takes such a line away. */
  clear(): void;
  /** Text that a user is to notice; plain where NO_COLOR is set or no terminal listens. */
  error(text: string): void;
  json(value: object): void;
}

const CLEAR_LINE = "\r\u001B[K";

/** The width of a terminal that does not say its own. */
const COLUMNS = 80;

/** A printer that takes secrets and control characters out of all it writes. */
export function printer(terminal: Terminal, flags: { readonly json?: boolean; readonly quiet?: boolean }): Printer {
  const { stdout, stderr, environment } = terminal;
  const people = flags.json === true ? stderr : stdout;
  const isLive = people.isTTY === true && environment["TERM"] !== "dumb";
  const clean = (text: string): string => printable(text, environment);
  const cleanLine = (text: string): string => printableLine(text, environment);
  const colour = stderr.isTTY === true && (environment["NO_COLOR"] ?? "") === "";
  let showsLive = false;
  const clear = (): void => {
    if (showsLive) people.write(CLEAR_LINE);
    showsLive = false;
  };
  return {
    isLive,
    clear,
    line: (text) => {
      if (flags.quiet === true) return;
      clear();
      people.write(`${cleanLine(text)}\n`);
    },
    live: (text) => {
      if (flags.quiet === true) return;
      // A terminal goes to its next line after the last column, where the line could not be taken back.
      if (isLive) people.write(`${CLEAR_LINE}${cleanLine(text((people.columns ?? COLUMNS) - 1))}`);
      else people.write(`${cleanLine(text(Infinity))}\n`);
      showsLive = isLive;
    },
    error: (text) => {
      clear();
      stderr.write(colour ? `${styleText("red", clean(text), { validateStream: false })}\n` : `${clean(text)}\n`);
    },
    json: (value) => {
      if (flags.json !== true) return;
      if (stdout.isTTY === true) clear();
      stdout.write(`${clean(JSON.stringify(value))}\n`);
    },
  };
}
