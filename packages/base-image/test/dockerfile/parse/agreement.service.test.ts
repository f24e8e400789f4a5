import { sample } from "fast-check";
import { describe, expect, it } from "vitest";

import { lookUpServices } from "@slipway/testkit";

import { parse } from "../../../src/dockerfile/parse/parse.ts";
import { checkWithEngine } from "./engine-check.ts";
import { mutated } from "./mutated.ts";
import { realFiles } from "./real-files.ts";

const services = lookUpServices("docker");

/** Real files that stand on nothing the engine would have to fetch, and that no rule of its linter can stop. */
const FILES = realFiles()
  .filter(({ name }) => name !== "flags.Dockerfile")
  .map(({ text }) =>
    text
      .replaceAll(/^\uFEFF|^# (?:syntax|check)=.*\n/gm, "")
      .replaceAll(/^FROM (?:--platform=\S+ )?\S+/gm, "FROM scratch")
      .replaceAll(/(?:--from=\S+ |,from=\w+)/g, ""),
  );

/** What the engine says of a file that is not about its grammar. */
const BEYOND =
  /resolve source|stage name|no such host|circular|checksum|dockerignore|base name|stage index|context name/;

describe.skipIf(!services.available)(
  `the engine agrees on mutated files${services.reason && ` (${services.reason})`}`,
  () => {
    it("takes and refuses the same ones", async () => {
      const texts = sample(mutated(FILES), { numRuns: 400, seed: 20_261_123 }).filter((text) => isComparable(text));
      const verdicts = await checkWithEngine(texts);
      const differences = texts.flatMap((text, index) => {
        const verdict = verdicts[index];
        if (verdict === undefined || (!verdict.accepted && BEYOND.test(verdict.says))) return [];
        const error = parse(text).findings.find(({ severity }) => severity === "error");
        return verdict.accepted === (error === undefined) ? [] : [{ text, verdict, error }];
      });
      expect(texts.length).toBeGreaterThan(250);
      expect(differences).toEqual([]);
    }, 300_000);
  },
);

/**
 * The engine looks at triggers of ONBUILD only when they run, and it knows the values of variables, which may make a mount
 * or a port wrong. A directive that a change made would ask for another frontend.
 */
function isComparable(text: string): boolean {
  if (/^\s*(?:#|\/\/)\s*(?:syntax|check)\s*=/im.test(text) || /onbuild/i.test(text)) return false;
  const { stages } = parse(text);
  const instructions = stages.flatMap((stage) => stage.instructions.map(({ instruction }) => instruction));
  return !instructions.some((instruction) => {
    if (instruction.instruction === "RUN") return (instruction.mounts ?? []).some((mount) => mount.type === "variable");
    return instruction.instruction === "EXPOSE" && instruction.values.some((value) => typeof value !== "string");
  });
}
