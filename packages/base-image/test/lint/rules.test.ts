import { describe, expect, it } from "vitest";

import { lint } from "../../src/lint/lint.ts";
import { RULES } from "../../src/lint/rules.ts";

const CASES = RULES.map((rule) => [rule.code, rule] as const);

describe("every rule", () => {
  it("has a code of its own", () => {
    const codes = RULES.map(({ code }) => code);
    expect(new Set(codes).size).toBe(codes.length);
    for (const code of codes) expect(code).toMatch(/^[a-z][a-z0-9-]*$/);
  });

  it.each(CASES)("%s finds what is wrong in its bad example, in that line, and no other rule does", async (_, rule) => {
    const { findings } = await lint(rule.bad.text, { pedantic: rule.pedantic === true });
    expect(findings.map(({ code, line }) => ({ code, line }))).toEqual([{ code: rule.code, line: rule.bad.line }]);
    expect(findings[0]).toMatchObject({ kind: rule.kind, severity: rule.severity });
    expect(findings[0]?.column).toBeGreaterThan(0);
  });

  it.each(CASES)("%s finds nothing in its good example, and no other rule does", async (_, rule) => {
    const { findings } = await lint(rule.good, { pedantic: rule.pedantic === true });
    expect(findings).toEqual([]);
  });

  it.each(CASES)("%s says what, why, what to do and where that is documented", (_, { title, reason, remedy, link }) => {
    expect(title).toMatch(/^\S.*[^.]$/);
    expect(reason).toMatch(/\.$/);
    expect(remedy).toMatch(/[.…\]"]$/);
    expect(link).toMatch(/^https:\/\//);
  });
});
