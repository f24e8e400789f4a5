import { validateHeaderValue } from "node:http";

import { Refusal } from "../refusal.ts";

/** A reader of one field's text; it throws a {@link Refusal} that names the field. */
export type Reader<Value> = (name: string, text: string) => Value;

/** Inches by unit, as CSS has them. */
const INCHES: Readonly<Record<string, number>> = {
  "": 1,
  in: 1,
  pt: 1 / 72,
  px: 1 / 96,
  pc: 1 / 6,
  mm: 1 / 25.4,
  cm: 1 / 2.54,
};

/** Milliseconds by unit, as Go's durations have them. */
const MILLISECONDS: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 };

/** `8.27`, `210mm`, `595pt`: inches, from 0 to 200. */
export const length: Reader<number> = (name, text) => {
  const [, digits = "", unit = ""] = /^(\d{1,6}(?:\.\d{1,9})?|\.\d{1,9})(in|pt|px|pc|mm|cm)?$/.exec(text) ?? [];
  const inches = Number(digits) * (INCHES[unit] ?? 1);
  if (digits === "" || inches > 200) {
    throw invalid(name, text, "a length of at most 200 inches, such as 8.27, 210mm or 595pt");
  }
  return inches;
};

/** `500ms`, `2s`, `1m30s`: milliseconds. */
export const duration: Reader<number> = (name, text) => {
  const parts = [...text.matchAll(/(\d{1,9}(?:\.\d{1,9})?)(h|ms|m|s)/g)];
  if (text === "" || parts.map(([part]) => part).join("") !== text) {
    throw invalid(name, text, "a duration such as 500ms, 2s or 1m30s");
  }
  return parts.reduce((sum, [, digits = "", unit = ""]) => sum + Number(digits) * (MILLISECONDS[unit] ?? 0), 0);
};

export const scale: Reader<number> = (name, text) => {
  const value = /^\d(?:\.\d{1,9})?$|^\.\d{1,9}$/.test(text) ? Number(text) : 0;
  if (value < 0.1 || value > 2) throw invalid(name, text, "a number from 0.1 to 2");
  return value;
};

export const flag: Reader<boolean> = (name, text) => {
  if (text !== "true" && text !== "false") throw invalid(name, text, "true or false");
  return text === "true";
};

export const words: Reader<string> = (_name, text) => text;

/** Text that a header can have. */
export const headerText: Reader<string> = (name, text) => {
  try {
    validateHeaderValue(name, text);
    return text;
  } catch {
    throw invalid(name, text, "text without control characters, and of Latin letters only");
  }
};

/** A selector of CSS or of Puppeteer's; whether it can be read, the browser says. One that names nothing it would wait for. */
export const selector: Reader<string> = (name, text) => {
  if (/^[\s>+~,]+$/.test(text)) throw invalid(name, text, "a selector such as #ready");
  return text;
};

/** `1-5, 8`: pages counted from 1; whether the document has them is known when it is printed. */
export const pageRanges: Reader<string> = (name, text) => {
  if (!/^\s*\d{1,6}(\s*-\s*\d{0,6})?(\s*,\s*\d{1,6}(\s*-\s*\d{0,6})?)*\s*$/.test(text)) {
    throw invalid(name, text, "pages such as 1-5, 8");
  }
  return text;
};

export const mediaType: Reader<"print" | "screen"> = (name, text) => {
  if (text !== "print" && text !== "screen") throw invalid(name, text, "print or screen");
  return text;
};

/** HTTP statuses as Gotenberg writes them: 499 stands for all from 400 to 499. */
export const statuses: Reader<readonly number[]> = (name, text) => {
  const value = json(name, text);
  if (!Array.isArray(value) || !value.every((status) => Number.isInteger(status) && status >= 100 && status <= 599)) {
    throw invalid(name, text, "a JSON list of statuses, such as [404, 599]");
  }
  return value as number[];
};

/** JSON of one field. */
export function json(name: string, text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw invalid(name, text, "JSON");
  }
}

/** Whether a status is one of those listed. */
export function hasStatus(listed: readonly number[], status: number): boolean {
  return listed.some(
    (each) => each === status || (each % 100 === 99 && Math.floor(each / 100) === Math.floor(status / 100)),
  );
}

/** The refusal of a field's value; the value is shortened. */
export function invalid(name: string, text: string, expected: string): Refusal {
  const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  return new Refusal("PDF_FIELD_INVALID", `the field ${name} is ${JSON.stringify(shown)}: expected ${expected}`);
}
