/** A template: its name in messages, its text, and the delimiters of its actions. */
export interface TemplateSource {
  readonly name: string;
  readonly text: string;
  /** `{{` and `}}` unless the environment says otherwise. */
  readonly delimiters: readonly [open: string, close: string];
}

/** What is wrong in a template, and where. Its message is `template: NAME:LINE:COLUMN: PROBLEM`. */
export class TemplateError extends Error {
  constructor(source: Pick<TemplateSource, "name" | "text">, at: number, problem: string) {
    const before = source.text.slice(0, at).split("\n");
    const column = Buffer.byteLength(before.at(-1) ?? "") + 1;
    super(`template: ${source.name}:${String(before.length)}:${String(column)}: ${problem}`);
    this.name = "TemplateError";
  }
}
