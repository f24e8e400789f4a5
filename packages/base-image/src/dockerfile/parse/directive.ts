import type { FaultSink } from "./fault.ts";
import type { ParsedDirective, Place } from "./parsed.ts";
import { skipSpace } from "./space.ts";

const FORM = /^([a-zA-Z][a-zA-Z0-9]*)[\t\f\r ]*=/;
const KEYS = ["syntax", "escape", "check"] as const;

/**
 * Reads directives as long as there may be some: they are comments of the form `# key=value` before anything else, even
 * before a blank line or another comment.
 * @see https://docs.docker.com/reference/dockerfile/#parser-directives
 */
export class DirectiveReader {
  readonly found: ParsedDirective[] = [];
  escape = "\\";
  private done = false;
  private readonly faults: FaultSink;

  constructor(faults: FaultSink) {
    this.faults = faults;
  }

  /** There was a line that is no comment: no directive comes any more. */
  end(): void {
    this.done = true;
  }

  /** Takes a comment, from its `#` on; true when it is a directive. */
  take(text: string, place: Pick<Place, "line" | "column">): boolean {
    if (this.done) return false;
    const body = skipSpace(text, 1, text.length);
    const form = FORM.exec(text.slice(body));
    const key = KEYS.find((known) => known === form?.[1]?.toLowerCase());
    const value = form === null ? "" : valueOf(text.slice(body + form[0].length));
    if (key === undefined || value === "") {
      this.done = true;
      return false;
    }
    if (this.found.some((directive) => directive.key === key)) {
      this.faults.at(place, "directive", `only one ${key} parser directive can be used`);
      return true;
    }
    this.found.push({ key, value, line: place.line });
    if (key === "escape") this.setEscape(value, place);
    return true;
  }

  private setEscape(value: string, place: Pick<Place, "line" | "column">): void {
    if (value === "\\" || value === "`") this.escape = value;
    else this.faults.at(place, "directive", `invalid escape token '${value}' does not match \` or \\`);
  }
}

/** What stands behind `=`: without the blanks around, but never nothing where there is a blank. */
function valueOf(written: string): string {
  let end = written.length;
  while (end > 0 && "\t\f\r ".includes(written.charAt(end - 1))) end -= 1;
  let start = 0;
  while (start < end && "\t\f\r ".includes(written.charAt(start))) start += 1;
  return end === 0 ? written.slice(-1) : written.slice(start, end);
}
