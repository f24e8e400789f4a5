import { beforeAll, describe, expect, it } from "vitest";

import { lookUpServices } from "@slipway/testkit";

import type { Case } from "./cases/case.ts";
import { RULES } from "./cases/cases.ts";
import { checkWithEngine, type Verdict } from "./engine-check.ts";

const services = lookUpServices("docker");
const CASES = RULES.flatMap(({ cases }) => cases).filter(({ engine }) => engine === undefined);

describe.skipIf(!services.available)(`the engine agrees${services.reason && ` (${services.reason})`}`, () => {
  let verdicts: readonly (readonly [Case, Verdict | undefined])[];

  beforeAll(async () => {
    const all = await checkWithEngine(CASES.map(({ file }) => file));
    verdicts = CASES.map((example, index) => [example, all[index]]);
  });

  it("takes what is taken", () => {
    const taken = verdicts.filter(([example]) => "reads" in example);
    expect(taken.length).toBeGreaterThan(100);
    expect(taken.flatMap(([{ file }, verdict]) => (verdict?.accepted === true ? [] : [{ file, verdict }]))).toEqual([]);
  });

  it("refuses what is refused, with these words", () => {
    const refused = verdicts.flatMap(([example, verdict]) =>
      "refused" in example ? [{ file: example.file.slice(0, 200), says: example.says, verdict }] : [],
    );
    expect(refused.length).toBeGreaterThan(80);
    expect(refused.filter(({ says, verdict }) => !isRefusal(verdict, says))).toEqual([]);
  });
});

function isRefusal(verdict: Verdict | undefined, says: string): boolean {
  return verdict?.accepted === false && verdict.says.includes(says);
}
