import { describe, expect, it } from "vitest";

import { lintDefinition } from "../../src/lint/lint-definition.ts";
import { CHROMIUM_LIBRARIES } from "../../src/recipe/chromium.ts";
import { rubyNode } from "../../src/recipe/ruby-node.ts";
import type { RubyNodeInput } from "../../src/recipe/ruby-node-input.ts";
import { renderDockerfile } from "../../src/stage/dockerfile.ts";
import { rejection } from "../rejection.ts";

const LEAST: RubyNodeInput = { ruby: "3.3", node: "24", suite: "trixie" };

describe("the variants ci and pdf", () => {
  it("are there when they are asked for", () => {
    expect(Object.keys(rubyNode(LEAST).variants)).toEqual(["runtime", "builder"]);
    expect(Object.keys(rubyNode({ ...LEAST, ci: true, pdf: true }).variants)).toEqual([
      "runtime",
      "builder",
      "ci",
      "pdf",
    ]);
    expect(Object.keys(rubyNode({ ...LEAST, ci: false, pdf: false }).variants)).toEqual(["runtime", "builder"]);
  });

  it.each(["bookworm", "trixie"] as const)("takes the names of %s for Chromium's libraries", (suite) => {
    const { text } = renderDockerfile(rubyNode({ ...LEAST, suite, pdf: true }), "pdf");
    expect(text).toContain(`FROM debian:${suite}-slim AS pdf`);
    for (const library of CHROMIUM_LIBRARIES[suite]) expect(text).toContain(`      ${library} \\\n`);
    expect(text.includes("libasound2t64")).toBe(suite === "trixie");
    expect(text).not.toContain("FROM ruby");
    expect(text).not.toContain("FROM node");
  });

  it("share the stages of one definition: ci stands on the builder's tools, pdf takes only node's binary", () => {
    const definition = rubyNode({ ...LEAST, ci: { sudo: true, packages: ["jq"] }, pdf: { node: true } });
    const ci = renderDockerfile(definition, "ci").text;
    expect(ci).toContain("FROM tools AS ci");
    expect(ci).toContain("      jq \\\n");
    expect(ci).toContain("app ALL=(ALL) NOPASSWD: ALL");
    expect(renderDockerfile(definition, "builder").text).toContain("FROM tools AS builder");
    const pdf = renderDockerfile(definition, "pdf").text;
    expect(pdf).toContain("COPY --from=node /usr/local/bin/node /usr/local/bin/\n");
    expect(pdf).not.toContain("COPY --from=node /usr/local/lib/node_modules");
  });

  it("have no finding of check", async () => {
    const definition = rubyNode({ ...LEAST, packageManager: "pnpm@12.21.0", ci: { sudo: true }, pdf: { node: true } });
    const { findings } = await lintDefinition(definition);
    expect(findings.filter(({ severity }) => severity === "error")).toEqual([]);
  });

  it.each([
    [{ pdf: { fonts: [] } }, "pdf"],
    [{ pdf: { fonts: ["ipax"] } }, "did you mean ipaex?"],
    [{ pdf: { nodes: true } }, "nodes"],
    [{ ci: { sudo: "yes" } }, "sudo"],
    [{ ci: "yes" }, "ci"],
    [{ debianImage: "debian:bookworm-slim", pdf: true }, "bookworm"],
  ])("refuses %j", async (options, word) => {
    const error = await rejection(() => rubyNode({ ...LEAST, ...options } as RubyNodeInput));
    expect(error.exitCode).toBe(2);
    expect(error.message).toContain(word);
  });
});
