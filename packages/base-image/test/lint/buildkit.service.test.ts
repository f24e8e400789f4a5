import { lookUpServices } from "@slipway/testkit";
import { execa } from "execa";
import { describe, expect, it } from "vitest";

import { lint } from "../../src/lint/lint.ts";
import { RULES } from "../../src/lint/rules.ts";
import { isBuildKit } from "../../src/lint/suppression.ts";

const services = lookUpServices("docker");

/** Rules that BuildKit's linter has too, with its names for them. */
const SHARED = RULES.map((rule) => ({ ...rule, names: rule.also.filter(isBuildKit) })).filter(
  ({ names }) => names.length > 0,
);

interface Checked {
  readonly warnings:
    | readonly {
        readonly ruleName: string;
        readonly location?: { readonly ranges?: readonly { readonly start: { readonly line: number } }[] };
      }[]
    | null;
}

/** What BuildKit's own linter finds, as `RULE:LINE`; its bases are any that the engine has. */
async function checked(text: string): Promise<readonly string[]> {
  const input = text
    .replaceAll(/ruby:3\.4-slim(?:-trixie)?/g, "ruby:3.3-slim-trixie")
    .replaceAll("3.4-slim-trixie", "3.3-slim-trixie")
    .replaceAll("registry.example.com/base:1", "debian:trixie-slim")
    .replaceAll(/@sha256:(?:0f)+/g, "-slim")
    .replace(/^/, "# check=experimental=InvalidDefinitionDescription\n");
  const ran = await execa("docker", ["buildx", "build", "--call=check,format=json", "-"], { input, reject: false });
  const { warnings }: Checked = JSON.parse(ran.stdout);
  return (warnings ?? []).map(
    ({ ruleName, location }) => `${ruleName}:${(location?.ranges?.[0]?.start.line ?? 0) - 1}`,
  );
}

describe.skipIf(!services.available)("rules that BuildKit's linter has too", () => {
  it.each(SHARED.map((rule) => [rule.code, rule] as const))("%s finds what BuildKit finds", async (_, rule) => {
    const ofBad = await checked(rule.bad.text);
    const shared = rule.names.map((name) => `${name}:${rule.bad.line}`).filter((found) => ofBad.includes(found));
    expect({ shared, ofBad }).toEqual({ shared: [expect.any(String)], ofBad });
    const ofGood = (await checked(rule.good)).map((found) => found.replace(/:\d+$/, ""));
    expect(ofGood.filter((name) => rule.names.includes(name))).toEqual([]);
  });

  it.each([
    ["maintainer", "MaintainerDeprecated", "FROM debian:trixie-slim\nMAINTAINER x\n"],
    ["empty-continuation", "NoEmptyContinuation", "FROM debian:trixie-slim\nRUN a \\\n\n  b\n"],
  ])("%s is found by the reader, %s by BuildKit", async (code, name, text) => {
    expect((await lint(text)).findings.map((finding) => finding.code)).toEqual([code]);
    expect((await checked(text)).map((found) => found.replace(/:\d+$/, ""))).toEqual([name]);
  });
});
