import { PassThrough, Writable } from "node:stream";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

import { tempTree } from "@slipway/testkit";
import { describe, expect, it } from "vitest";

import { refuseNode } from "../src/cli/node-version.ts";
import { watchOutput } from "../src/cli/broken-output.ts";
import { runProgram } from "../src/cli/program.ts";
import { ERRORS, type ErrorCode } from "../src/errors.ts";
import { archiveOf } from "./inspect/layers/archive.ts";
import { fakeEngine, type EngineAnswers } from "./engine/fake-engine.ts";
import { fakeRegistry, type Answer } from "./registry/fake-registry.ts";

const INDEX = fileURLToPath(new URL("../src/index.ts", import.meta.url));

/** What the program prints for a definition and a command line, with an engine that answers like this. */
interface Wrong {
  readonly definition?: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly args: readonly string[];
  readonly engine?: EngineAnswers | "none";
  /** What the registry of {@link ON_REGISTRY} answers to everything. */
  readonly registry?: { readonly status?: number } | Answer;
  readonly interrupt?: boolean;
  /** Whether the standard output has no room. */
  readonly full?: boolean;
  readonly node?: string;
}

const ONE = 'defineImage({ name: "x", stages: [stage("a", "debian")] })';
const stages = (list: string): string => `defineImage({ name: "x", stages: [${list}] })`;
const ON_REGISTRY = stages('stage("a", "REGISTRY/x:1")');
const recipe = (more: string): string => `rubyNode({ ruby: "3.3", node: "24", suite: "trixie", ${more} })`;

/** A saved image of one layer. */
const ARCHIVE = await archiveOf([{ createdBy: "COPY / / # buildkit", files: { "bin/sh": "s".repeat(2000) } }]);

/** The real wrong thing for every code. */
const WRONG: Readonly<Record<ErrorCode, Wrong>> = {
  BASE_IMAGE_USAGE: { args: ["rendr"] },
  BASE_IMAGE_NODE_UNSUPPORTED: { args: ["render"], node: "20.20.2" },
  BASE_IMAGE_CONFIG_NOT_FOUND: { args: ["--config", "/nowhere.ts", "render"] },
  BASE_IMAGE_CONFIG_LOAD_FAILED: { definition: "null.x", args: ["render"] },
  BASE_IMAGE_CONFIG_NOT_A_DEFINITION: { definition: "42", args: ["render"] },
  BASE_IMAGE_UNKNOWN_KEY: { definition: recipe("pakages: {}"), args: ["render"] },
  BASE_IMAGE_UNKNOWN_RULE: {
    definition: ONE.replace("{ name", '{ lint: { ignore: { "base-untaged": "a trial" } }, name'),
    args: ["check"],
  },
  BASE_IMAGE_UNKNOWN_VARIANT: { args: ["render", "--variant", "b"] },
  BASE_IMAGE_INVALID_VALUE: { definition: stages('stage("a", "debian").env({ A: "1\\n2" })'), args: ["render"] },
  BASE_IMAGE_DOCKERFILE: { definition: 'parseOrThrow("FORM debian")', args: ["render"] },
  BASE_IMAGE_STAGE_NAME: { definition: stages('stage("A", "debian")'), args: ["render"] },
  BASE_IMAGE_STAGE_RESERVED: { definition: stages('stage("context", "debian")'), args: ["render"] },
  BASE_IMAGE_STAGE_DUPLICATE: { definition: stages('stage("a", "debian"), stage("a", "debian")'), args: ["render"] },
  BASE_IMAGE_STAGE_FOREIGN: { definition: stages('stage("a", stage("b", "debian"))'), args: ["render"] },
  BASE_IMAGE_STAGE_SELF_COPY: {
    definition: stages('stage("a", "debian").copy("/x", "/y", { from: stage("a", "debian") })'),
    args: ["render"],
  },
  BASE_IMAGE_STAGE_CYCLE: {
    definition:
      '(() => { const a = stage("a", "debian"); const b = stage("b", a); return defineImage({ name: "x", stages: [a.copy("/x", "/x", { from: b }), b] }); })()',
    args: ["render"],
  },
  BASE_IMAGE_ARG_NOT_GLOBAL: { definition: stages('stage("a", from(variable("BASE")))'), args: ["render"] },
  BASE_IMAGE_ARG_CONFLICT: {
    definition: stages('stage("a", from(arg("BASE", "x"))), stage("b", from(arg("BASE", "y")))'),
    args: ["render"],
  },
  BASE_IMAGE_COPY_TARGET: { definition: stages('stage("a", "debian").copy(["/a", "/b"], "/c")'), args: ["render"] },
  BASE_IMAGE_FRONTEND_TOO_OLD: {
    definition:
      'defineImage({ name: "x", frontend: "1.7", stages: [stage("a", "debian").copy("/a", "/b", { parents: true })] })',
    args: ["render"],
  },
  BASE_IMAGE_VERSION_UNSUPPORTED: { definition: recipe('ruby: "1.9"'), args: ["render"] },
  BASE_IMAGE_SUITE_MIXED: { definition: recipe('nodeImage: "node:24-bookworm-slim"'), args: ["render"] },
  BASE_IMAGE_PACKAGE_MANAGER: { definition: recipe('packageManager: "yarn"'), args: ["render"] },
  BASE_IMAGE_BUNDLED_WITH: {
    definition: recipe('bundler: bundledWith(new URL("Gemfile.lock", import.meta.url))'),
    files: { "Gemfile.lock": "GEM\n" },
    args: ["render"],
  },
  BASE_IMAGE_CERTIFICATE: {
    definition: recipe('certificates: { runtime: [certificate(new URL("ca.crt", import.meta.url))] }'),
    files: { "ca.crt": "-----BEGIN PRIVATE KEY-----\n" },
    args: ["render"],
  },
  BASE_IMAGE_PROGRAM_MISSING: { definition: recipe('programs: ["@slipway/absent"]'), args: ["build"] },
  BASE_IMAGE_CONTEXT_MISSING: { definition: ONE.replace("{ name", '{ context: "absent", name'), args: ["build"] },
  BASE_IMAGE_CONTEXT_ENTRY: {
    definition: ONE.replace("{ name", '{ context: ".", name'),
    files: { ".dockerignore": "[z-a]\n" },
    args: ["build"],
  },
  BASE_IMAGE_SECRET_MISSING: {
    definition: stages('stage("a", "debian").run("x", { mounts: [secret("aws")] })'),
    args: ["build"],
  },
  BASE_IMAGE_FILE_EXISTS: { args: ["init"] },
  BASE_IMAGE_FILE_UNREADABLE: { args: ["read", "/nowhere/Dockerfile"] },
  BASE_IMAGE_FILE_UNWRITABLE: { args: ["--config", "/nowhere/x.mts", "init"] },
  BASE_IMAGE_FOLDER_UNREADABLE: { files: { "package.json": "{" }, args: ["init"] },
  BASE_IMAGE_IMAGE_NOT_FOUND: { definition: recipe(""), args: ["verify", "absent:1"], engine: {} },
  BASE_IMAGE_NOTHING_TO_VERIFY: { args: ["verify", "there:1"] },
  BASE_IMAGE_ENGINE_UNREACHABLE: { args: ["build"], engine: "none" },
  BASE_IMAGE_ENGINE_FAILED: { args: ["build"], engine: { build: { status: 500, body: '{"message":"disk full"}' } } },
  BASE_IMAGE_BUILD_FAILED: { args: ["build"], engine: { build: { status: 200, body: '{"error":"no such base"}\n' } } },
  BASE_IMAGE_VERIFY_FAILED: {
    definition: stages('stage("a", "debian").label({ k: "v" })'),
    args: ["verify", "there:1"],
    engine: { image: { Id: "sha256:1", Config: { Labels: { k: "w" } } } },
  },
  BASE_IMAGE_ASSETS_INCOMPLETE: {
    definition: stages('stage("assets", "debian").run("compile")'),
    args: ["prove-assets"],
    engine: {
      image: { Id: "sha256:1", Config: {} },
      build: [
        { status: 200, body: '{"id":"moby.image.id","aux":{"ID":"sha256:1"}}\n' },
        { status: 200, body: '{"error":"no such file"}\n' },
      ],
    },
  },
  BASE_IMAGE_ARCHIVE_UNREADABLE: { args: ["layers", "there:1"], engine: { image: { Id: "sha256:1" } } },
  BASE_IMAGE_LOCK_FILE: { files: { "image.lock.json": "{}" }, args: ["render"] },
  BASE_IMAGE_CREDENTIALS: { definition: ON_REGISTRY, files: { "config.json": "[" }, args: ["lock"], registry: {} },
  BASE_IMAGE_REGISTRY_UNREACHABLE: { definition: stages('stage("a", "127.0.0.1:1/x:1")'), args: ["lock"] },
  BASE_IMAGE_REGISTRY_DENIED: { definition: ON_REGISTRY, args: ["lock"], registry: { status: 403 } },
  BASE_IMAGE_REGISTRY_FAILED: { definition: ON_REGISTRY, args: ["lock"], registry: { status: 404 } },
  BASE_IMAGE_TAG_TAKEN: {
    definition: recipe("").replace('"3.3"', '"3.3.8"').replace('"24"', '"24.21.0"'),
    args: ["publish", "--to", "REGISTRY/x", "--variant", "runtime"],
    registry: ({ url = "" }) => {
      if (url.includes("/tags/list")) return { status: 200, body: '{"tags":["ruby-3.3.8-node-24.21.0-trixie"]}' };
      if (url.includes("/manifests/input-")) return { status: 404 };
      return { status: 200, headers: { "docker-content-digest": "sha256:other" } };
    },
  },
  BASE_IMAGE_OVER_BUDGET: {
    definition: ONE.replace("{ name", "{ budget: { a: { maxSize: 1000 } }, name"),
    args: ["build"],
    engine: { build: { status: 200, body: '{"id":"moby.image.id","aux":{"ID":"sha256:1"}}\n' }, archive: ARCHIVE },
  },
  BASE_IMAGE_OUTPUT_FAILED: { args: ["render"], full: true },
  BASE_IMAGE_INTERRUPTED: { args: ["build"], engine: { build: { status: 200, body: "" } }, interrupt: true },
};

describe("every error", () => {
  it.each(Object.entries(WRONG))("%s is reached, with its exit code and a remedy", async (code, wrong) => {
    const { exitCode, stderr } = await goWrong(wrong);
    expect(stderr).toContain(`[${code}]`);
    expect(exitCode).toBe(Object.entries(ERRORS).find(([name]) => name === code)?.[1].exitCode);
    expect(stderr).toMatch(/^base-image: .+\n(?:.*\n)* {2}\S.*\n {2}\[/m);
  });

  it("exits with 2 only when nothing was touched, and says how to go on", () => {
    for (const { exitCode, meaning, remedy } of Object.values(ERRORS)) {
      expect([1, 2, 3, 130]).toContain(exitCode);
      expect(meaning).toMatch(/\.$/);
      expect(remedy).toMatch(/\.$/);
    }
  });
});

async function goWrong(wrong: Wrong): Promise<{ readonly exitCode: number; readonly stderr: string }> {
  const imports =
    "import { arg, bundledWith, certificate, defineImage, from, parseOrThrow, rubyNode, secret, stage, variable } from";
  const { registry: told } = wrong;
  await using registry = await fakeRegistry(
    typeof told === "function" ? told : () => ({ status: told?.status ?? 200 }),
  );
  const definition = (wrong.definition ?? ONE).replace("REGISTRY", registry.host);
  await using tree = await tempTree({
    "package.json": '{"type":"module"}',
    "image.config.ts": `${imports} ${JSON.stringify(INDEX)};\nexport default ${definition};\n`,
    ...wrong.files,
  });
  await using engine = await fakeEngine(wrong.engine ?? "none");
  using _ = environment({ DOCKER_HOST: engine.address, DOCKER_CONFIG: tree.path });

  const full = new Writable({ write: (_chunk, _encoding, done) => done(new Error("ENOSPC: no space left on device")) });
  const [stdout, stderr] = [wrong.full === true ? full : new PassThrough().resume(), new PassThrough()];
  const output = watchOutput({ stdout, stderr }, new AbortController());
  const signal = wrong.interrupt === true ? AbortSignal.abort() : new AbortController().signal;
  const words = wrong.args.map((word) => word.replace("REGISTRY", registry.host));
  const args = ["--config", `${tree.path}/image.config.ts`, ...words];
  const refused = refuseNode(wrong.node ?? process.versions.node, args, { stdout, stderr });
  const code = refused ?? (await runProgram(args, { stdout, stderr }, signal));
  const exitCode = (await output.flush()) ?? code;
  stderr.end();
  return { exitCode, stderr: await text(stderr) };
}

/** Sets variables until the scope ends. */
function environment(variables: Readonly<Record<string, string>>): Disposable {
  const before = new Map(Object.keys(variables).map((name) => [name, process.env[name]]));
  Object.assign(process.env, variables);
  return {
    [Symbol.dispose]: () => {
      for (const [name, value] of before) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
    },
  };
}
