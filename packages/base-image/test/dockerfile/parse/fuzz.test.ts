import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { parse } from "../../../src/dockerfile/parse/parse.ts";
import { realFiles } from "./real-files.ts";
import { unsound } from "./soundness.ts";

const TOKENS = [
  ...'\\ \\\n|\n|\n\n|\r\n|\t| |#|# escape=`\n|`|\\|"|\'|$|${|}|${A:-|${A#|${A/|/|:|=|,|[|]|["a"]|{|<<|<<-|<<E|\nE\n|--|--from=|é|\u00A0|\uFEFF|\0'.split(
    "|",
  ),
  ..."FROM scratch\n|AS |RUN |RUN --mount=type=|cache,target=|ENV |LABEL |ARG |COPY |ADD |EXPOSE |HEALTHCHECK |CMD |ONBUILD |SHELL |USER a\n".split(
    "|",
  ),
];
const FILES = realFiles().map(({ text }) => text);

const soup = fc.array(fc.constantFrom(...TOKENS), { maxLength: 24 }).map((tokens) => tokens.join(""));
const bytes = fc.uint8Array({ maxLength: 96 }).map((array) => Buffer.from(array).toString());

/** One change to a text: at a place, some characters go and a token comes. */
const change = fc.record({
  at: fc.nat({ max: 4000 }),
  gone: fc.nat({ max: 12 }),
  token: fc.constantFrom("", ...TOKENS),
});
const mutated = fc
  .tuple(fc.constantFrom(...FILES), fc.array(change, { minLength: 1, maxLength: 4 }))
  .map(([file, changes]) =>
    changes.reduce((text, { at, gone, token }) => {
      const start = at % (text.length + 1);
      return text.slice(0, start) + token + text.slice(start + gone);
    }, file),
  );

describe("any text is read or has a located error", () => {
  it.each([
    { what: "random bytes", texts: bytes, numRuns: 60_000 },
    { what: "random pieces of the language", texts: soup, numRuns: 40_000 },
    { what: "mutated real files", texts: mutated, numRuns: 20_000 },
  ])(
    "$numRuns of $what",
    ({ texts, numRuns }) => {
      const property = fc.property(texts, (text) => unsound(text, parse(text)) === undefined);
      const { failed, counterexample } = fc.check(property, { numRuns });
      const [text] = counterexample ?? [];
      expect({ failed, text, why: text === undefined ? undefined : unsound(text, parse(text)) }).toEqual({
        failed: false,
      });
    },
    120_000,
  );

  it("reads the real files without an error", () => {
    expect(FILES.length).toBeGreaterThanOrEqual(25);
    expect(FILES.flatMap((text) => parse(text).findings).filter(({ severity }) => severity === "error")).toEqual([]);
    expect(FILES.map((text) => unsound(text, parse(text)))).toEqual(FILES.map(() => undefined));
  });
});
