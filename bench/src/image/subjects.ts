import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { appendFile, cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import type { Measures } from "../interleave.ts";
import { removeImages, type Bases } from "./bases.ts";
import { dockerBuild } from "./docker-build.ts";

const execute = promisify(execFile);

const ROOT = join(import.meta.dirname, "../../..");
const EXAMPLE = join(ROOT, "examples/rails-app");

/** A copy of the example app with one way to build its image. */
export interface Subject extends AsyncDisposable {
  readonly name: string;
  readonly image: string;
  /** Makes a change that no build has seen. */
  change(change: Change): Promise<void>;
  build(options?: { readonly cold: boolean }): Promise<Measures>;
}

/** What a developer changes between two builds. */
export interface Change {
  readonly what: string;
  readonly file: string;
  /** The text that makes a comment of another. */
  readonly comment: string;
  /** A gem that the change adds, where the file is the Gemfile. */
  readonly gem?: string;
}

/** The example app on Slipway's base images, by its own Dockerfile. */
export async function slipwayApp(bases: Bases): Promise<Subject> {
  const folder = await copyOfExample();
  const dockerfile = join(folder, "Dockerfile");
  // Caches that no build has filled: with those of earlier builds a cold one is not cold.
  const text = await readFile(dockerfile, "utf8");
  await writeFile(dockerfile, text.replaceAll(/\bid=proff-/g, `id=bench-${randomUUID()}-`));
  const credentials = join(folder, "aws-credentials");
  await writeFile(credentials, "[default]\n");
  return subject("Slipway", folder, bases, () => {
    const release = randomUUID();
    const args = { BASE_RUNTIME: bases.runtime, BASE_BUILDER: bases.builder, ASSET_SYNC_TO: "file:///tmp/store" };
    const all = Object.entries({ ...args, ASSET_SYNC_RELEASE: release });
    const flags = all.flatMap(([name, value]) => ["--build-arg", `${name}=${value}`]);
    return ["--target", "app", "--secret", `id=aws,src=${credentials}`, ...flags];
  });
}

/** The example app by the Dockerfile of `rails new`, with the folders it takes for granted. */
export async function generatedApp(bases: Bases): Promise<Subject> {
  const folder = await copyOfExample();
  const generated = join(ROOT, "bench/rails-new");
  await Promise.all(["image.config.ts", ".dockerignore"].map((name) => rm(join(folder, name))));
  await cp(join(generated, "Dockerfile"), join(folder, "Dockerfile"));
  await cp(join(generated, "dockerignore"), join(folder, ".dockerignore"));
  for (const name of ["lib", "log", "tmp", "vendor"]) {
    await mkdir(join(folder, name), { recursive: true });
    await writeFile(join(folder, name, ".keep"), "");
  }
  return subject("rails new", folder, bases, () => []);
}

/** The example app on the one image for everything. */
export async function oldApp(bases: Bases): Promise<Subject> {
  const folder = await copyOfExample();
  await rm(join(folder, ".dockerignore"));
  await cp(join(ROOT, "bench/naive/app.Dockerfile"), join(folder, "Dockerfile"));
  return subject("2020 style", folder, bases, () => ["--build-arg", `BASE=${bases.old}`]);
}

async function copyOfExample(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "slipway-bench-app-"));
  await cp(EXAMPLE, folder, { recursive: true, filter: (path) => !/\/(?:node_modules|tmp|log)$/.test(path) });
  return folder;
}

async function subject(name: string, folder: string, bases: Bases, flags: () => readonly string[]): Promise<Subject> {
  const image = `slipway-bench-${name.toLowerCase().replaceAll(" ", "-")}:${randomUUID().slice(0, 8)}`;
  await lock(folder, bases);
  return {
    name,
    image,
    change: async ({ file, comment, gem }) => {
      const line = comment.replace("…", randomUUID());
      await appendFile(join(folder, file), gem === undefined ? `${line}\n` : `gem "${gem}" ${line}\n`);
      if (gem !== undefined) await lock(folder, bases);
    },
    build: (options) => dockerBuild(["--tag", image, ...flags(), folder], options),
    [Symbol.asyncDispose]: async () => {
      await removeImages([image]);
      await rm(folder, { recursive: true });
    },
  };
}

/** Writes the gem server into the lock file, which the example leaves out on purpose, and a gem that is new. */
async function lock(folder: string, { builder }: Bases): Promise<void> {
  const mount = ["--volume", `${folder}:/app`, "--workdir", "/app", "--network", "host", "--user", "root"];
  await execute("docker", ["run", "--rm", ...mount, builder, "bundle", "lock"]);
}
