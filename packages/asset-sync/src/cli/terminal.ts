import { styleText } from "node:util";

import type { Environment } from "../config/environment.ts";
import { printable } from "./printable.ts";

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
  line(text: string): void;
  /** Text that a user is to notice; plain where NO_COLOR is set or no terminal listens. */
  error(text: string): void;
  json(value: object): void;
}

/** A printer that takes secrets and control characters out of all it writes. */
export function printer(terminal: Terminal, flags: { readonly json?: boolean; readonly quiet?: boolean }): Printer {
  const { stdout, stderr, environment } = terminal;
  const people = flags.json === true ? stderr : stdout;
  const clean = (text: string): string => printable(text, environment);
  const colour = stderr.isTTY === true && (environment["NO_COLOR"] ?? "") === "";
  return {
    line: (text) => {
      if (flags.quiet !== true) people.write(`${clean(text)}\n`);
    },
    error: (text) => {
      stderr.write(colour ? `${styleText("red", clean(text), { validateStream: false })}\n` : `${clean(text)}\n`);
    },
    json: (value) => {
      if (flags.json === true) stdout.write(`${clean(JSON.stringify(value))}\n`);
    },
  };
}
