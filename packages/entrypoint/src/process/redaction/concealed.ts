import type { Censor, Redactor } from "./redactor.ts";

let redactor: Redactor | undefined;
let concealed: readonly string[] = [];

/** From here on these values are in no text of ours, and in no output that goes through this process. */
export async function conceal(values: readonly string[]): Promise<void> {
  const { buildRedactor } = await import("./redactor.ts");
  const { formsOf } = await import("./forms.ts");
  concealed = values;
  const forms = values.flatMap((value) => [...formsOf(value)]);
  redactor = forms.length === 0 ? undefined : buildRedactor([...new Set(forms)]);
}

/** Whether there is anything to be concealed. */
export function isConcealing(): boolean {
  return redactor !== undefined;
}

/** What is concealed, for another process of ours that has to do the same. */
export function concealedValues(): readonly string[] {
  return concealed;
}

/** A censor for one stream; `undefined` when nothing is concealed. */
export function openCensor(): Censor | undefined {
  return redactor?.open();
}

/** A whole text without what is concealed. */
export function censored(text: string): string {
  const censor = openCensor();
  if (censor === undefined) return text;
  return Buffer.concat([censor.push(Buffer.from(text)), censor.end()]).toString();
}
