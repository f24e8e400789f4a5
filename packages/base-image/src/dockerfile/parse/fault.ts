import type { Finding } from "../finding.ts";
import { GRAMMAR, type GrammarCode } from "./grammar.ts";
import type { Place } from "./parsed.ts";

/** Where a reader says what is wrong. Every method returns nothing, so that a reader can return what it returns. */
export class FaultSink {
  readonly findings: Finding[] = [];

  /** A fault at a place of the file; `hint` where there is better advice than the code's own. */
  at({ line, column }: Pick<Place, "line" | "column">, code: GrammarCode, message: string, hint?: string): undefined {
    const { severity, remedy } = GRAMMAR[code];
    this.findings.push({ code, kind: "grammar", severity, line, column, message, hint: hint ?? remedy });
    return undefined;
  }
}

const SHOWN = 60;

/** Text of the file as a message shows it: on one line, control characters visible, not too long. */
export function shown(text: string): string {
  const whole = text.length <= SHOWN ? text : `${text.slice(0, SHOWN)}…`;
  return JSON.stringify(whole.toWellFormed());
}
