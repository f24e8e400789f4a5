import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { tempTree, type TempTree } from "@slipway/testkit";
import { CommanderError } from "commander";
import { vi } from "vitest";

import { DeployError } from "../src/errors.ts";
import { deployProgram } from "../src/program.ts";
import type { Draft } from "../src/release/draft.ts";
import type { Marker } from "../src/release/marker.ts";
import { AwsDouble } from "./double/aws-double.ts";
import { FakeClock } from "./double/fake-clock.ts";

const REGISTRY = "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com";

/** Stands in for asset-sync: writes down how it was called, and knows the releases that follow from that. */
const RECORDER = `import { appendFileSync, readFileSync } from "node:fs";
const [log, ...args] = process.argv.slice(2);
const known = new Map();
for (const line of readFileSync(log, "utf8").split("\\n")) {
  const [verb, id] = line.split(" ");
  if (verb === "pin" || verb === "unpin") known.set(id, verb === "pin");
  if (verb === "collect") for (const [release, pinned] of known) if (!pinned) known.delete(release);
}
if (args[0] === "releases") for (const [id, pinned] of known) console.log(JSON.stringify({ type: "release", id, pinned }));
else appendFileSync(log, args.join(" ") + "\\n");
process.exitCode = args[0] === "unpin" && !known.has(args[1]) ? 2 : Number(process.env.ASSET_SYNC_EXIT ?? 0);
`;

/** How a run of the program ended. */
export interface Ended {
  readonly code: string;
  readonly exitCode: number;
  readonly message: string;
}

/** An image in a registry. */
export interface BuiltImage {
  readonly registry: string;
  readonly repository: string;
  readonly digest: string;
}

/** What a pipeline has built and pushed: its images, and the asset receipt that came out of the app's. */
export interface Built {
  readonly images: Readonly<Record<"app" | "pdf", BuiltImage>>;
  readonly receipt: string | Uint8Array;
}

/** The deploy program before a double of AWS, with time of its own. */
export class Stage implements AsyncDisposable {
  readonly clock: FakeClock;
  readonly aws: AwsDouble;
  readonly said: string[] = [];
  readonly printed: string[] = [];
  readonly #tree: TempTree;
  readonly #assetSync: readonly string[];

  private constructor(clock: FakeClock, aws: AwsDouble, tree: TempTree, assetSync: readonly string[]) {
    this.clock = clock;
    this.aws = aws;
    this.#tree = tree;
    this.#assetSync = assetSync;
  }

  /** `assetSync` is how asset-sync is called; left out, calls are only written down. */
  static async open(assetSync?: readonly string[]): Promise<Stage> {
    const clock = new FakeClock();
    const aws = await AwsDouble.start(clock);
    vi.stubEnv("AWS_ENDPOINT_URL", aws.endpoint);
    vi.stubEnv("AWS_REGION", "ap-northeast-1");
    vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIADOUBLE");
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "not-a-real-secret");
    const tree = await tempTree({ "asset-sync.mjs": RECORDER, "assets.log": "" });
    const recorder = [process.execPath, join(tree.path, "asset-sync.mjs"), join(tree.path, "assets.log")];
    return new Stage(clock, aws, tree, assetSync ?? recorder);
  }

  /** Runs the program as from a shell. */
  async deploy(...args: readonly string[]): Promise<Ended> {
    const program = deployProgram({
      clock: this.clock,
      assetSync: this.#assetSync,
      say: (line) => void this.said.push(line),
      out: (line) => void this.printed.push(line),
    });
    try {
      await program.parseAsync(args, { from: "user" });
      return { code: "", exitCode: 0, message: "" };
    } catch (error) {
      if (error instanceof CommanderError) return { code: error.code, exitCode: 2, message: error.message };
      if (!(error instanceof DeployError)) throw error;
      return error;
    }
  }

  /** Runs a step with the release file. */
  step(verb: string, ...args: readonly string[]): Promise<Ended> {
    return this.deploy(verb, ...args, "--file", this.file);
  }

  /** Writes a file of JSON and answers its path. */
  async write(name: string, value: unknown): Promise<string> {
    await this.#tree.write({ [name]: JSON.stringify(value) });
    return this.#path(name);
  }

  get file(): string {
    return this.#path("release/release.json");
  }

  async draft(): Promise<Draft> {
    return JSON.parse(await readFile(this.file, "utf8")) as Draft;
  }

  markers(): readonly Marker[] {
    return this.aws.parameters.map((text) => JSON.parse(text) as Marker);
  }

  /** How asset-sync was called so far. */
  async assetCalls(): Promise<readonly string[]> {
    return (await readFile(this.#path("assets.log"), "utf8")).split("\n").filter((line) => line !== "");
  }

  /** What the pipeline does before the migration: images are pushed, the draft is made, revisions are registered. */
  async prepare(release: string, number: number, built: Built = pretended(release)): Promise<void> {
    for (const { repository, digest } of Object.values(built.images))
      this.aws.images.set(`${repository}@${digest}`, new Set([`build-${release}`]));
    const images = Object.entries(built.images).flatMap(([name, { registry, repository }]) => [
      "--image",
      `${name}=${registry}/${repository}:build-${release}`,
    ]);
    await this.#must(this.step("draft", "--environment", "prod", "--release", release, ...images));
    await this.#tree.write({ "receipt.json": built.receipt });
    await this.#must(this.step("receipt", this.#path("receipt.json")));
    for (const service of ["web", "worker", "pdf"])
      await this.#must(this.step("revision", service, revision(service, number)));
  }

  /** A whole release. */
  async release(release: string, number: number, built?: Built): Promise<void> {
    await this.prepare(release, number, built);
    for (const verb of ["migrate", "update", "verify", "mark"]) await this.#must(this.step(verb));
  }

  rollback(...args: readonly string[]): Promise<Ended> {
    return this.deploy("rollback", "--environment", "prod", "--file", this.#path("release/rollback.json"), ...args);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    vi.unstubAllEnvs();
    await this.aws[Symbol.asyncDispose]();
    await this.#tree[Symbol.asyncDispose]();
  }

  #path(name: string): string {
    return join(this.#tree.path, name);
  }

  async #must(run: Promise<Ended>): Promise<void> {
    const { exitCode, message } = await run;
    if (exitCode !== 0) throw new Error(message);
  }
}

/** Images and a receipt that nobody looks into. */
export function pretended(release: string): Built {
  const image = (name: string): BuiltImage => ({
    registry: REGISTRY,
    repository: `proff-prod-${name}`,
    digest: digestOf(name, release),
  });
  const receipt = { format: "slipway-receipt/1", release, target: "s3://proff-prod-assets", region: "ap-northeast-1" };
  return { images: { app: image("app"), pdf: image("pdf") }, receipt: JSON.stringify(receipt) };
}

export function revision(service: string, number: number): string {
  return `arn:aws:ecs:ap-northeast-1:123456789012:task-definition/proff-prod-${service}:${number}`;
}

export function digestOf(image: string, release: string): string {
  return `sha256:${createHash("sha256").update(`${image} ${release}`).digest("hex")}`;
}
