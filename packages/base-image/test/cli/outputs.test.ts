import { tempTree } from "@slipway/testkit";
import { expect, it } from "vitest";

import { runCli } from "./run-cli.ts";

const INDEX = new URL("../../src/index.ts", import.meta.url).pathname;

const DEFINITION = `import { arg, cache, defineImage, from, secret, stage } from ${JSON.stringify(INDEX)};
const gems = stage("gems", from("ruby:3.4-slim-trixie")).workdir("/app").copy(["Gemfile", "Gemfile.lock"], "./")
  .run("bundle install", { mounts: [cache("/c"), secret("token", { env: "TOKEN" })] });
const app = stage("app", from("ruby:3.4-slim-trixie")).copy("/app", "/app", { from: gems }).comment("what starts").copy("bin", "/app/bin");
export default defineImage({ name: "shop", stages: [gems, app], variants: { app } });
`;

async function run(...args: readonly string[]): Promise<{ readonly stdout: string; readonly summary: unknown }> {
  await using tree = await tempTree({
    "package.json": '{"type":"module"}',
    "image.config.ts": DEFINITION,
    Gemfile: "",
    "Gemfile.lock": "",
    "bin/rails": "",
  });
  const call = async (more: readonly string[]): Promise<string> => {
    const { code, stdout, stderr } = await runCli(...args, "--config", `${tree.path}/image.config.ts`, ...more);
    expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
    return stdout;
  };
  const summary: unknown = JSON.parse((await call(["--json"])).trim().split("\n").at(-1) ?? "");
  return { stdout: await call([]), summary };
}

it("bakes every variant of one Dockerfile", async () => {
  const { stdout, summary } = await run("bake");
  const bake: unknown = JSON.parse(stdout);
  expect(bake).toMatchObject({
    group: { default: { targets: ["app"] } },
    target: { app: { target: "app", tags: ["shop:app"], secret: ["id=token,env=token"] } },
  });
  expect(summary).toMatchObject({ type: "summary", bake });
});

it("explains the graph as JSON", async () => {
  const { stdout, summary } = await run("explain", "--graph", "json");
  const graph: unknown = JSON.parse(stdout);
  expect(graph).toMatchObject({
    stages: [{ name: "gems" }, { name: "app", variants: ["app"] }],
    edges: [{ from: "gems", to: "app", kind: "copy" }],
  });
  expect(summary).toMatchObject({ type: "summary", graph });
});

it("explains the graph as Mermaid", async () => {
  const { stdout } = await run("explain", "--graph", "mermaid");
  expect(stdout).toMatch(
    /^flowchart LR\n {2}s0\["gems<br>ruby:3\.4-slim-trixie"\]\n {2}s1\(\["app<br>.*"\]\)\n {2}s0 -->\|copy\| s1\n$/,
  );
});

it("explains what each stage takes from the context, why, and the key of a cache of it", async () => {
  const { stdout, summary } = await run("explain", "--inputs");
  const withoutKeys = stdout.replaceAll(/ {2}key [0-9a-f]{16}$/gm, "");
  expect(withoutKeys).toBe("gems\n  Gemfile\n  Gemfile.lock\napp\n  bin  what starts\n");
  expect(stdout.match(/ {2}key [0-9a-f]{16}$/gm)).toHaveLength(2);
  expect(summary).toMatchObject({ inputs: [{ stage: "gems", paths: ["Gemfile", "Gemfile.lock"] }, { stage: "app" }] });
});

it("explains which frontend reads the Dockerfile", async () => {
  const { stdout, summary } = await run("explain");
  expect(stdout).toMatch(/^frontend +docker\/dockerfile 1\.10 or later$/m);
  expect(summary).toMatchObject({ frontend: "1.10" });
});

it("prints an ignore file that lets through what the stages take", async () => {
  const { stdout } = await run("render", "--dockerignore");
  const lines = stdout.split("\n");
  expect(lines).toEqual(expect.arrayContaining(["*", "!Gemfile", "!Gemfile.lock"]));
  expect(lines.some((line) => line.startsWith("!bin"))).toBe(true);
});
