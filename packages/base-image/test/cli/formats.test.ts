import { describe, expect, it } from "vitest";

import { githubLines } from "../../src/cli/format-github.ts";
import { sarifLog } from "../../src/cli/format-sarif.ts";
import { findingsText } from "../../src/cli/format-text.ts";
import type { Finding } from "../../src/dockerfile/finding.ts";

const FINDING: Finding = {
  code: "apt-key",
  kind: "lint",
  severity: "warning",
  line: 2,
  column: 5,
  message: "100%: a,\nb",
  hint: "Do: this, then that.",
};

const REPORT = { path: "a,b:c/Dockerfile", isDockerfile: true, lines: ["FROM x", "RUN\tapt-key add \u001B[31mx"] };

describe("GitHub annotations", () => {
  it("escape what would end a command or a property", () => {
    expect(githubLines({ ...REPORT, findings: [FINDING] })).toBe(
      "::warning file=a%2Cb%3Ac/Dockerfile,line=2,col=5,title=apt-key::100%25: a,%0Ab%0ADo: this, then that.\n",
    );
  });

  it("name the definition, and say the line of what it gives", () => {
    const text = githubLines({ ...REPORT, isDockerfile: false, findings: [{ ...FINDING, severity: "info" }] });
    expect(text).toMatch(
      /^::notice file=a%2Cb%3Ac\/Dockerfile,title=apt-key::.* \(line 2 of the rendered Dockerfile\)/,
    );
  });
});

describe("SARIF", () => {
  it("has what the specification asks for", () => {
    const shell = { ...FINDING, code: "SC2086", line: 1, column: 1, severity: "info" as const };
    const log = sarifLog({ ...REPORT, findings: [FINDING, shell, FINDING] });
    const place = {
      artifactLocation: { uri: "a%2Cb%3Ac/Dockerfile" },
      region: { startLine: 2, startColumn: 5 },
    };
    const aptKey = {
      id: "apt-key",
      helpUri: expect.stringMatching(/^https:/),
      defaultConfiguration: { level: "warning" },
    };
    const rules = [aptKey, { id: "SC2086", helpUri: "https://www.shellcheck.net/wiki/SC2086" }];
    const results = [
      { ruleId: "apt-key", ruleIndex: 0, level: "warning", locations: [{ physicalLocation: place }] },
      { ruleId: "SC2086", ruleIndex: 1, level: "note" },
      { ruleIndex: 0 },
    ];
    expect(log).toMatchObject({
      $schema: expect.stringMatching(/sarif-schema-2\.1\.0\.json$/),
      version: "2.1.0",
      runs: [{ columnKind: "utf16CodeUnits", tool: { driver: { name: "base-image", rules } }, results }],
    });
  });

  it("has no region for what is not in the file", () => {
    const text = JSON.stringify(sarifLog({ ...REPORT, isDockerfile: false, findings: [FINDING] }));
    expect(text).not.toContain("region");
  });
});

const plain = (_: string, text: string): string => text;

describe("text", () => {
  it("shows the line with a mark below the place, and nothing that moves the cursor", () => {
    expect(findingsText({ ...REPORT, findings: [{ ...FINDING, message: "m" }] }, plain)).toBe(
      [
        "a,b:c/Dockerfile:2:5 warning m [apt-key]",
        "  2 | RUN apt-key add x",
        "    |     ^",
        "  Do: this, then that.",
        "",
        "",
      ].join("\n"),
    );
  });

  it("cuts a long line around the place", () => {
    const lines = [`${"a".repeat(300)}X${"b".repeat(300)}`];
    const text = findingsText({ ...REPORT, lines, findings: [{ ...FINDING, line: 1, column: 301 }] }, plain);
    const excerpt = text.split("\n").find((each) => each.includes("X")) ?? "";
    const mark = text.split("\n").find((each) => each.endsWith("^")) ?? "";
    expect(excerpt.length).toBeLessThan(120);
    expect(excerpt.indexOf("X")).toBe(mark.indexOf("^"));
  });

  it("has colours where it is given some", () => {
    const loud = findingsText({ ...REPORT, findings: [FINDING] }, (colour, text) => `<${colour}>${text}</>`);
    expect(loud).toContain("<yellow>warning</>");
  });
});
