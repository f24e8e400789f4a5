import { describe, expect, it } from "vitest";

import { lint } from "../../src/lint/lint.ts";
import { lintDefinition } from "../../src/lint/lint-definition.ts";
import { from } from "../../src/stage/base.ts";
import { defineImage } from "../../src/stage/image.ts";
import { stage } from "../../src/stage/stage.ts";

async function codes(text: string): Promise<readonly string[]> {
  return (await lint(text)).findings.map(({ code, line }) => `${code}:${line}`);
}

describe("suppressions in a Dockerfile", () => {
  it("speak for the instruction below, and for no other", async () => {
    const comment = "# base-image: ignore=apt-upgrade,apt-lists-left the mirror is frozen\n";
    const run = "RUN apt-get update && apt-get upgrade --yes\n";
    expect(await codes(`FROM debian:13\n${comment}${run}`)).toEqual([]);
    expect(await codes(`FROM debian:13\n${comment}${run}${run}`)).toEqual(["apt-lists-left:4", "apt-upgrade:4"]);
  });

  it("cannot take back what BuildKit refuses", async () => {
    const text = "FROM debian:13\n# base-image: ignore=unknown-flag it is meant\nCOPY --form=x a b/\n";
    expect(await codes(text)).toContain("unknown-flag:3");
  });

  it("are said with the near spelling when their code is wrong", async () => {
    const { findings } = await lint("# base-image: ignore=base-untaged the tutorial\nFROM debian\n");
    expect(findings.map(({ code, hint }) => [code, hint])).toEqual([
      ["ignore-unknown", "Did you mean base-untagged?"],
      ["base-untagged", expect.stringMatching(/tag/)],
    ]);
  });
});

describe("a comment that suppresses nothing", () => {
  it.each([
    ["at the end of the file", "FROM debian:13\n# base-image: ignore=base-untagged it is meant\n", "ignore-unused:2"],
    ["at the end, misspelt", "FROM debian:13\n\n  # base-image: ignore=nothing-such it is meant", "ignore-unknown:3"],
    ["misspelt", "# base-image: ingore=base-untagged it is meant\nFROM debian:13\n", "ignore-unknown:1"],
    ["without its colon", "# base-image ignore=base-untagged it is meant\nFROM debian:13\n", "ignore-unknown:1"],
    ["without a code", "# base-image: ignore base-untagged\nFROM debian:13\n", "ignore-unknown:1"],
  ])("is said %s", async (_, text, code) => {
    expect(await codes(text)).toEqual([code]);
  });

  it("is not one that only talks of the package", async () => {
    expect(await codes("# base-image: the ruby of production\nFROM debian:13\n# base-image made this\n")).toEqual([]);
  });
});

describe("what is written for other programs", () => {
  it.each([
    [
      "hadolint's comments",
      "FROM debian:13\n# hadolint ignore=DL3005,DL3009\nRUN apt-get update && apt-get upgrade -y\n",
    ],
    [
      "BuildKit's skip",
      "# check=skip=LegacyKeyValueFormat,JSONArgsRecommended\nFROM debian:13\nUSER 1\nENV A b\nCMD a\n",
    ],
    ["BuildKit's skip of all", "# check=skip=all\nFROM debian:13 as a\nMAINTAINER x\nUSER 1\nCMD a\n"],
  ])("%s hold here too", async (_, text) => {
    expect(await codes(text)).toEqual([]);
  });

  it("fails where BuildKit is told to fail", async () => {
    for (const [head, severity] of [
      ["", "warning"],
      ["# check=error=true\n", "error"],
    ]) {
      const { findings } = await lint(`${head}FROM debian:13\nENV A b\n`);
      expect(findings.map((finding) => finding.severity)).toEqual([severity]);
    }
  });
});

describe("a definition", () => {
  const app = stage("app", from("debian")).run(
    "apt-get update && apt-get upgrade --yes && rm -rf /var/lib/apt/lists/*",
  );

  it("is told which stage and variant a finding is in", async () => {
    const { findings } = await lintDefinition(defineImage({ name: "x", stages: [app], variants: { one: app } }));
    expect(findings.map(({ code, message }) => [code, message])).toEqual([
      ["base-untagged", "stage app (variant one): debian has no tag"],
      ["apt-upgrade", "stage app (variant one): every package becomes that of the day"],
    ]);
  });

  it("ignores rules with a reason, and says when that is not needed", async () => {
    const ignore = { "base-untagged": "the tutorial", "apt-upgrade": "a frozen mirror", "apt-key": "old" };
    const report = await lintDefinition(defineImage({ name: "x", stages: [app], lint: { ignore } }));
    expect(report.suppressed).toBe(2);
    expect(report.findings.map(({ code, message }) => [code, message])).toEqual([
      ["ignore-unused", "apt-key finds nothing here"],
    ]);
  });

  it.each([[{ ignore: { "apt-key": "" } }], [{ ignore: ["", "apt-key"] }], [{ ignroe: {} }]])(
    "refuses %j as its lint option",
    (lintOption) => {
      const input = { name: "x", stages: [app], lint: lintOption };
      expect(() => defineImage(input as never)).toThrow(/lint/);
    },
  );
});
