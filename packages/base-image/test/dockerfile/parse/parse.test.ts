import { describe, expect, it } from "vitest";

import { parse } from "../../../src/dockerfile/parse/parse.ts";
import type { Accepted, Case, Refused } from "./cases/case.ts";
import { RULES } from "./cases/cases.ts";

it("has cases for all 48 rules", () => {
  expect(RULES.map(({ rule }) => rule)).toEqual(Array.from({ length: 48 }, (_, index) => index + 1));
});

describe.each(RULES)("rule $rule: $says", ({ cases }) => {
  it.each(cases.filter((example) => isAccepted(example)))("takes $file", (example) => {
    expect(seen(example)).toEqual(expected(example));
  });

  it.each(cases.filter((example) => isRefused(example)))("refuses $file", ({ file, refused, at, says, hint = "" }) => {
    const finding = parse(file).findings.find(({ severity }) => severity === "error");
    expect({ code: finding?.code, at: `${finding?.line}:${finding?.column}` }).toEqual({ code: refused, at });
    expect(finding?.message).toContain(says);
    expect(finding?.hint).toContain(hint);
  });
});

function isAccepted(example: Case): example is Accepted {
  return "reads" in example;
}

function isRefused(example: Case): example is Refused {
  return "refused" in example;
}

/** What was read, as far as the case speaks of it. */
function seen({ file, ...about }: Accepted): object {
  const { findings, stages, globalArgs, directives } = parse(file);
  const stage = stages.at(-1);
  const found = {
    findings: findings.map(({ code, severity }) => `${severity} ${code}`),
    reads: stage?.instructions.map(({ instruction }) => instruction),
    from: stage?.instruction,
    globals: globalArgs.map(({ instruction }) => instruction),
    directives: Object.fromEntries(directives.map(({ key, value }) => [key, value])),
  };
  return Object.fromEntries(Object.entries(found).filter(([key]) => key === "findings" || key in about));
}

function expected({ file: _file, engine: _engine, warning, ...about }: Accepted): object {
  return { ...about, findings: warning === undefined ? [] : [`warning ${warning}`] };
}
