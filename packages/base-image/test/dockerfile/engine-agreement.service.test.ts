import { randomBytes } from "node:crypto";

import { lookUpServices, tempTree } from "@slipway/testkit";
import Dockerode from "dockerode";
import { execa } from "execa";
import { sample } from "fast-check";
import { describe, expect, it } from "vitest";

import { renderFile, type FileStage } from "../../src/dockerfile/file.ts";
import { featuresOf, isOlder } from "../../src/dockerfile/frontend.ts";
import { textsOf, variablesIn, type Instruction } from "../../src/dockerfile/instruction.ts";
import type { Mount } from "../../src/dockerfile/mount.ts";
import { partsOf, variablesOf, type BuildArg, type Text, type Variable } from "../../src/dockerfile/text.ts";
import { isBaseImageError } from "../../src/errors.ts";
import { fileOf, stagesOf } from "../../src/stage/dockerfile.ts";
import { definitions } from "./random-definition.ts";

const services = lookUpServices("docker");

/** What the frontend of Docker Engine 28 knows. */
const FRONTEND = "1.19";
const BATCH = 100;

/** What a built image says of itself; no other instruction is needed to see these. */
const CONFIG = new Set(["ENV", "LABEL", "WORKDIR", "USER", "CMD", "ENTRYPOINT", "VOLUME", "STOPSIGNAL", "HEALTHCHECK"]);

describe.skipIf(!services.available)(
  `the engine reads what is written${services.reason && ` (${services.reason})`}`,
  () => {
    it("checks 1,000 random definitions without an error, and finds their stages", async () => {
      const each = sample(definitions, { numRuns: 1050, seed: 4 }).flatMap((definition, index) =>
        renamed(definition, `d${index}-`),
      );
      expect(each.length).toBeGreaterThanOrEqual(1000);
      for (let from = 0; from < each.length; from += BATCH) {
        const stages = each.slice(from, from + BATCH).flat();
        const { text } = renderFile({ globals: [], stages: [...stages, collecting(stages)] });
        await using tree = await tempTree({ Dockerfile: text });
        const checked = await execa("docker", ["buildx", "build", "--call=check", tree.path], { reject: false });
        expect(checked.stderr).not.toMatch(/^ERROR:/m);
        const targets = await execa("docker", ["buildx", "build", "--call=targets,format=json", tree.path]);
        const found: unknown = JSON.parse(targets.stdout);
        expect(found).toMatchObject({ targets: [...stages.map(({ from: { name } }) => ({ name })), { name: "all" }] });
      }
    }, 600_000);

    it("builds stages without RUN, whose images say what was written", async () => {
      const stages = sample(definitions, { numRuns: 400, seed: 5 })
        .flatMap((definition, index) => renamed(definition, `d${index}-`).flat())
        .map((stage) => ({ ...stage, from: { ...stage.from, image: "scratch" }, entries: literalConfig(stage) }))
        .filter(({ entries }) => entries.length > 1)
        .slice(0, 30);
      expect(stages.length).toBe(30);
      await using tree = await tempTree({ Dockerfile: renderFile({ globals: [], stages }).text });
      const repository = `slipway-test-${randomBytes(6).toString("hex")}`;
      const target = Object.fromEntries(
        stages.map(({ from: { name = "" } }) => [
          name,
          { context: tree.path, target: name, tags: [`${repository}:${name}`], output: ["type=docker"] },
        ]),
      );
      const bake = { group: { default: { targets: Object.keys(target) } }, target };
      await using bakeTree = await tempTree({ "bake.json": JSON.stringify(bake) });
      const docker = new Dockerode();
      try {
        await execa("docker", ["buildx", "bake", "--allow=fs.read=*", "--file", `${bakeTree.path}/bake.json`]);
        for (const { from, entries } of stages) {
          const { Config: config } = await docker.getImage(`${repository}:${from.name ?? ""}`).inspect();
          for (const expected of expectedConfig(entries).values()) expect(config).toMatchObject(expected);
        }
      } finally {
        const images = await docker.listImages({ filters: { reference: [repository] } });
        for (const { RepoTags: tags = [] } of images)
          for (const tag of tags) await docker.getImage(tag).remove({ force: true });
      }
    }, 600_000);
  },
);

type Definition = Parameters<typeof stagesOf>[0];

/**
 * The stages of a definition under names of their own, on the base that is here, without what this engine does not know;
 * no mount is at the root, whatever its variables are.
 */
function renamed(definition: Definition, prefix: string): readonly (readonly FileStage[])[] {
  const file = fileOf(definition, stagesOf(definition));
  if (!isWritable(() => renderFile(file))) return [];
  const names = new Map(file.stages.map(({ from: { name = "" } }) => [name, `${prefix}${name}`]));
  const stages = file.stages.map(({ from: { image, name = "" }, entries }): FileStage => {
    const base = (typeof image === "string" ? names.get(image) : undefined) ?? "debian:trixie-slim";
    const known = entries.filter((entry) => entry.instruction === "COMMENT" || isKnown(entry));
    return {
      about: "",
      from: { instruction: "FROM", image: base, name: names.get(name) ?? name },
      entries: known.map((entry) => (entry.instruction === "COMMENT" ? entry : withNames(entry, names))),
    };
  });
  return [stages];
}

function withNames(instruction: Instruction, names: ReadonlyMap<string, string>): Instruction {
  const rename = (from: string): string => names.get(from) ?? from;
  if (instruction.instruction === "COPY" && instruction.from !== undefined)
    return { ...instruction, from: rename(instruction.from) };
  if (instruction.instruction !== "RUN") return instruction;
  const mounts = (instruction.mounts ?? []).map((mount): Mount => {
    if (!("target" in mount) || mount.target === undefined || mount.type === "secret") return mount;
    const target: Text = { kind: "expandable", parts: ["/m/x", ...partsOf(mount.target)] };
    if (mount.type !== "bind" || mount.from === undefined) return { ...mount, target };
    return { ...mount, target, from: rename(mount.from) };
  });
  return { ...instruction, mounts };
}

/** What the engine knows, and what no value of a variable makes an error. */
function isKnown(instruction: Instruction): boolean {
  if (variablesIn(instruction).some(dependsOnValues)) return false;
  if (instruction.instruction === "EXPOSE" && variablesIn(instruction).length > 0) return false;
  if (instruction.instruction === "VOLUME" && !instruction.values.every(hasText)) return false;
  return featuresOf(instruction).every(({ frontend }) => !isOlder(FRONTEND, frontend));
}

/** Whether a value makes it an error: one that must be set, or a pattern with a variable in it. */
function dependsOnValues({ modifier }: BuildArg | Variable): boolean {
  if (modifier === undefined) return false;
  return modifier.operator.endsWith("?") || variablesOf(modifier.word).length > 0;
}

/** A volume must not be empty, whatever its variables are. */
function hasText(text: Text): boolean {
  return partsOf(text).some((part) => typeof part === "string" && part.trim() !== "");
}

/** A last stage that needs all others: the engine looks only at what its target needs. */
function collecting(stages: readonly FileStage[]): FileStage {
  return {
    about: "",
    from: { instruction: "FROM", image: "scratch", name: "all" },
    entries: stages.map(({ from: { name = "" } }, index) => ({
      instruction: "COPY",
      from: name,
      sources: ["/etc/hostname"],
      target: `/${index}`,
    })),
  };
}

function literalConfig({ entries }: FileStage): readonly Instruction[] {
  return entries.filter(
    (entry): entry is Instruction =>
      CONFIG.has(entry.instruction) &&
      entry.instruction !== "COMMENT" &&
      textsOf(entry).every((text) => typeof text === "string"),
  );
}

/** What the last instruction of each kind makes of the image's configuration. */
function expectedConfig(entries: FileStage["entries"]): ReadonlyMap<string, object> {
  const expected = new Map<string, object>();
  for (const entry of entries) {
    if (entry.instruction === "LABEL") {
      expected.set("labels", { Labels: Object.fromEntries(entry.pairs.map(({ key, value }) => [key, value])) });
    }
    if (entry.instruction === "USER") expected.set("user", { User: entry.value });
    if (entry.instruction === "CMD" || entry.instruction === "ENTRYPOINT") expected.delete("cmd");
    if (entry.instruction === "HEALTHCHECK") expected.delete("check");
    for (const [key, value] of execConfig(entry)) expected.set(key, value);
  }
  const pairs = entries.flatMap((entry) => (entry.instruction === "ENV" ? entry.pairs : []));
  const env = new Map(pairs.map(({ key, value }) => [plainText(key), plainText(value)]));
  expected.set("env", { Env: expect.arrayContaining([...env].map(([key, value]) => `${key}=${value}`)) });
  return expected;
}

function plainText(text: Text): string {
  return partsOf(text)
    .filter((part) => typeof part === "string")
    .join("");
}

function execConfig(entry: FileStage["entries"][number]): readonly (readonly [string, object])[] {
  if (entry.instruction === "CMD" && entry.command.form === "exec" && entry.command.words.length > 0) {
    return [["cmd", { Cmd: entry.command.words }]];
  }
  if (entry.instruction !== "HEALTHCHECK" || entry.check === "none" || entry.check.form !== "exec") return [];
  const { check, retries } = entry;
  return [["check", { Healthcheck: { Test: ["CMD", ...check.words], Interval: 90e9, Retries: retries } }]];
}

function isWritable(write: () => unknown): boolean {
  try {
    write();
    return true;
  } catch (error) {
    if (isBaseImageError(error)) return false;
    throw error;
  }
}
