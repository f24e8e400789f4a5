import { readFile } from "node:fs/promises";

import type { SecretValue } from "./build-options.ts";

/** Shorter values are not taken out: they would also take out ordinary words. */
const SHORTEST = 6;

/** Takes the values of secrets out of text. */
export type Redact = (text: string) => string;

/**
 * Makes a function that puts `***` for every value of these secrets: a variable's value, a file's content, its lines, and
 * what follows `=` or `:` in them; also where they stand in base64 or URL-encoded.
 */
export async function redactSecrets(secrets: readonly SecretValue[]): Promise<Redact> {
  const contents = await Promise.all(secrets.map(contentOf));
  const values = contents
    .flatMap((content) => [content, ...content.split("\n").flatMap((line) => [line.trim(), valueIn(line)])])
    .flatMap((value) => [value.trim(), ...encodings(value)])
    .filter((value) => value.length >= SHORTEST)
    .toSorted((a, b) => b.length - a.length);
  return (text) => values.reduce((redacted, value) => redacted.replaceAll(value, "***"), text);
}

function encodings(value: string): readonly string[] {
  const bytes = Buffer.from(value);
  return [bytes.toString("base64"), bytes.toString("base64url"), encodeURIComponent(value)];
}

async function contentOf(secret: SecretValue): Promise<string> {
  return "env" in secret ? (process.env[secret.env] ?? "") : readFile(secret.src, "utf8");
}

function valueIn(line: string): string {
  return /^[^=:]*[=:]\s*(.*?)\s*$/.exec(line)?.[1] ?? "";
}
