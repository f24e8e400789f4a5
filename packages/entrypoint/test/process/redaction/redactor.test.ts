import { array, assert, constantFrom, property, string } from "fast-check";
import { describe, expect, it } from "vitest";

import { formsOf } from "../../../src/process/redaction/forms.ts";
import { buildRedactor, type Redactor } from "../../../src/process/redaction/redactor.ts";

function censor(redactor: Redactor, pieces: readonly (string | Buffer)[]): string {
  const stream = redactor.open();
  const out = pieces.map((piece) => stream.push(Buffer.from(piece)));
  return Buffer.concat([...out, stream.end()]).toString("latin1");
}

/** Masks by looking at each place for each pattern: slow, and plainly right. */
function slowly(patterns: readonly string[], text: string): string {
  const hidden = Array.from({ length: text.length }, () => false);
  for (const pattern of patterns) {
    for (let at = text.indexOf(pattern); at !== -1; at = text.indexOf(pattern, at + 1))
      hidden.fill(true, at, at + pattern.length);
  }
  return text
    .split("")
    .map((character, at) => (hidden[at] === true ? "\u0000" : character))
    .join("")
    .replace(/\0+/g, "***");
}

const letters = string({ unit: constantFrom("a", "b", "c", "\n"), minLength: 1, maxLength: 6 });

describe("a redactor", () => {
  it("masks what a slow search finds, however the text is cut", () => {
    assert(
      property(
        array(letters, { minLength: 1, maxLength: 6 }),
        array(letters, { maxLength: 30 }),
        (patterns, pieces) => {
          expect(censor(buildRedactor(patterns), pieces)).toBe(slowly(patterns, pieces.join("")));
        },
      ),
      { numRuns: 20_000 },
    );
  });

  it("masks a secret that is in another, and what overlaps, as one", () => {
    expect(censor(buildRedactor(["abcd", "bc", "cdef"]), ["xabcdefy", "abx"])).toBe("x***yabx");
  });

  it("holds back only what may become a secret, and passes on bytes as they are", () => {
    const stream = buildRedactor(["secret"]).open();
    expect(stream.push(Buffer.from([0xff, 0x00, 0x73, 0x65]))).toEqual(Buffer.from([0xff, 0x00]));
    expect(stream.push(Buffer.from("x"))).toEqual(Buffer.from("sex"));
    expect(stream.push(Buffer.from("secre")).length).toBe(0);
    expect(stream.end().toString()).toBe("secre");
  });

  it("finds one byte after the other", () => {
    const text = "user=app password=p4$$.*w0rd\n";
    expect(censor(buildRedactor(["p4$$.*w0rd"]), text.split(""))).toBe("user=app password=***\n");
  });
});

describe("the forms of a secret", () => {
  it("are found at each place of base64, in lines of each width, and percent-encoded", () => {
    const secret = 'p@ss/w+rd "ü" &x=1~*\'()';
    const redactor = buildRedactor(formsOf(secret));
    for (const before of ["", "a", "ab", "abc"]) {
      for (const after of ["", "z", "zz"]) {
        const encoded = Buffer.from(`${before}${secret}${after}`).toString("base64");
        const seen = censor(redactor, [encoded]).replaceAll("***", "");
        expect(seen.length).toBeLessThan(12);
      }
    }
    for (const form of [
      encodeURIComponent(secret),
      new URLSearchParams({ a: secret }).toString().slice(2),
      JSON.stringify(secret).slice(1, -1),
    ]) {
      expect(censor(redactor, [form])).toBe("***");
      expect(censor(redactor, [form.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())])).toBe("***");
    }
  });
});
