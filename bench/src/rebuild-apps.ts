import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { appendFile, cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const execute = promisify(execFile);

const ROOT = join(import.meta.dirname, "..", "..");
const EXAMPLE = join(ROOT, "examples", "rails-app");
const GENERATED = join(ROOT, "bench", "rails-new");

/** A copy of the example app with a Dockerfile, and the image that its builds make. */
export interface RebuiltApp extends AsyncDisposable {
  readonly image: string;
  /** Appends a line that no build has seen. */
  change(file: string, comment: readonly [string, string]): Promise<void>;
  /** Builds, and gives the milliseconds that each kind of work took. */
  build(release?: string): Promise<BuildPhases>;
}

/** Where the time of a build went; what ran side by side counts twice. */
export interface BuildPhases {
  /** RUN, COPY and the like, those from the cache left out. */
  readonly steps: number;
  /** Layers written, and unpacked into the engine's store. */
  readonly exporting: number;
}

/** The bases of the benchmark, under names of its own: other builds move the examples'. */
const BASES = { BASE_RUNTIME: "slipway-bench-base:runtime", BASE_BUILDER: "slipway-bench-base:builder" } as const;

/** Builds both variants of the base image of the examples. */
export async function buildBases(): Promise<void> {
  const program = join(ROOT, "packages", "base-image", "src", "cli", "main.ts");
  const config = join(ROOT, "examples", "base-image", "base-image.config.ts");
  for (const tag of Object.values(BASES)) {
    const flags = ["--variant", tag.split(":")[1] ?? "", "--tag", tag, "--network", "host"];
    await execute(process.execPath, ["--conditions=source", program, "--config", config, "--quiet", "build", ...flags]);
  }
}

/** The example app as it is. */
export async function slipwayApp(): Promise<RebuiltApp> {
  const folder = await copyOfExample();
  const credentials = join(folder, "aws-credentials");
  await writeFile(credentials, "[default]\n");
  return rebuilt(folder, "slipway", (release) => {
    const args = { ...BASES, ASSET_SYNC_TO: "file:///tmp/store", ASSET_SYNC_RELEASE: release };
    const flags = Object.entries(args).flatMap(([name, value]) => ["--build-arg", `${name}=${value}`]);
    return ["--target", "app", "--secret", `id=aws,src=${credentials}`, ...flags];
  });
}

/** The example app with the Dockerfile of `rails new`, and the folders it takes for granted. */
export async function generatedApp(): Promise<RebuiltApp> {
  const folder = await copyOfExample();
  await Promise.all(["image.config.ts", ".dockerignore"].map((name) => rm(join(folder, name))));
  await cp(join(GENERATED, "Dockerfile"), join(folder, "Dockerfile"));
  await cp(join(GENERATED, "dockerignore"), join(folder, ".dockerignore"));
  for (const name of ["lib", "log", "tmp", "vendor"]) {
    await mkdir(join(folder, name), { recursive: true });
    await writeFile(join(folder, name, ".keep"), "");
  }
  const mount = ["--volume", `${folder}:/app`, "--network", "host"];
  await execute("docker", ["run", "--rm", ...mount, BASES.BASE_BUILDER, "bundle", "lock"]);
  return rebuilt(folder, "rails-new", () => []);
}

async function copyOfExample(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "slipway-rebuild-"));
  await cp(EXAMPLE, folder, { recursive: true, filter: (path) => !/\/(?:node_modules|tmp|log)$/.test(path) });
  return folder;
}

function rebuilt(folder: string, name: string, flags: (release: string) => readonly string[]): RebuiltApp {
  const image = `slipway-bench-${name}:${randomUUID()}`;
  return {
    image,
    change: async (file, [open, close]) => {
      await appendFile(join(folder, file), `${open} ${randomUUID()}${close}\n`);
    },
    build: async (release = "one") => {
      const words = ["buildx", "build", "--load", "--progress=rawjson", "--network", "host", "--tag", image];
      const options = { maxBuffer: 2 ** 28 };
      const build = () => execute("docker", [...words, ...flags(release), folder], options);
      const { stderr } = await build().catch((error: BuildFailure) =>
        isLostSnapshot(error) ? build() : failed(error),
      );
      return phasesOf(stderr);
    },
    [Symbol.asyncDispose]: async () => {
      await execute("docker", ["image", "rm", "--force", image]);
      await rm(folder, { recursive: true });
    },
  };
}

interface BuildFailure {
  readonly stderr?: string;
}

/** The engine may collect a layer it is about to unpack when images are removed elsewhere; the next build has it again. */
function isLostSnapshot({ stderr = "" }: BuildFailure): boolean {
  return /parent snapshot \S+ does not exist/.test(stderr);
}

/** Only the end of a failed build's progress: all of it is too much to read. */
function failed({ stderr = "" }: BuildFailure): never {
  throw new Error(`docker buildx build failed: ${stderr.slice(-1000)}`);
}

interface Vertex {
  readonly digest: string;
  readonly name: string;
  readonly cached?: boolean;
  readonly started?: string;
  readonly completed?: string;
}

function phasesOf(progress: string): BuildPhases {
  const lines = progress.split("\n").filter((line) => line.startsWith("{"));
  const reports = lines.map((line): { readonly vertexes?: readonly Vertex[] } => JSON.parse(line));
  const byDigest = new Map(reports.flatMap(({ vertexes = [] }) => vertexes).map((vertex) => [vertex.digest, vertex]));
  const took = (wanted: RegExp): number =>
    [...byDigest.values()]
      .filter(({ name, cached }) => wanted.test(name) && cached !== true)
      .reduce((sum, { started = "", completed = "" }) => sum + (Date.parse(completed) - Date.parse(started) || 0), 0);
  return { steps: took(/^\[(?!internal)/), exporting: took(/^exporting/) };
}

/** The layers of a local image and their compressed sizes. */
export async function layerSizes(image: string): Promise<ReadonlyMap<string, number>> {
  const { stdout } = await execute("sh", ["-c", 'docker save "$0" | tar --list --verbose', image], {
    maxBuffer: 2 ** 26,
  });
  const blobs = [...stdout.matchAll(/^-\S+\s+\S+\s+(\d+)\s.*\sblobs\/sha256\/([0-9a-f]{64})$/gm)];
  return new Map(blobs.map(([, size = "0", digest = ""]) => [digest, Number(size)]));
}
