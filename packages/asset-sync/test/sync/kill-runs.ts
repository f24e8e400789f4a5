import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

import { tempTree, type TempTree } from "@slipway/testkit";
import { expect } from "vitest";

import type { SyncOptions } from "../../src/config/options.ts";
import { UNKNOWN_DIGEST, type Ledger } from "../../src/ledger/ledger.ts";
import { sha256 } from "../../src/scan/digest.ts";
import { sync } from "../../src/sync/sync.ts";
import { verify } from "../../src/verify/verify.ts";

/** A target that processes are killed on. */
export interface KillTarget {
  /** Flags that lead a program there. */
  readonly words: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  options(tree: TempTree, release: string): SyncOptions;
  /** The bytes of an object; undefined when there is none. */
  stored(key: string): Promise<Buffer | undefined>;
  ledger(): Promise<Ledger>;
  /** Lets a process die at its n-th request; what has no requests leaves this out. */
  killAtRequest?(child: ChildProcess, n: number): void;
  /** Called before each run. */
  reset?(): void;
}

const SHARED = 4;
const NEW = 8;
const PLAIN = 3;

/** Requests that a run of `releaseTree` makes at most. */
const REQUESTS = 1 + SHARED + NEW + PLAIN + 1 + 1;

/** The build of release n: files that all have, files of its own, plain files and a manifest with its own bytes. */
export function releaseTree(n: number): Readonly<Record<string, string>> {
  return Object.fromEntries([
    ...Array.from({ length: SHARED }, (_, index) => fingerprinted(`shared${index}`)),
    ...Array.from({ length: NEW }, (_, index) => fingerprinted(`release${n}part${index}`)),
    ...Array.from({ length: PLAIN }, (_, index) => [`assets/page${index}.txt`, `release ${n}`]),
    ["assets/.manifest.json", `{"release":${n}}`],
  ]);
}

function fingerprinted(name: string): [key: string, text: string] {
  return [`assets/${name}-${sha256(Buffer.from(name)).slice(0, 8)}.js`, `content of ${name}`];
}

/** Where a run is killed: at a request, at a line of its output, or at a moment of the time that a whole run takes. */
type Moment =
  | { readonly kind: "request"; readonly n: number }
  | { readonly kind: "line"; readonly n: number }
  | { readonly kind: "time"; readonly share: number };

/** Moments spread over a run, a kind in turn. */
function momentOf(index: number, target: KillTarget): Moment {
  if (index % 4 === 3) return { kind: "time", share: Math.random() };
  const n = Math.floor(Math.random() * (REQUESTS + 1));
  return target.killAtRequest !== undefined && index % 2 === 0 ? { kind: "request", n } : { kind: "line", n };
}

/**
 * Kills `count` runs of the program, one after the other on one target, each time runs again, the same build or the
 * next, and checks what is there. Returns how many runs were killed in time.
 */
export async function killRuns(program: string, target: KillTarget, count: number): Promise<number> {
  await using trees = new AsyncDisposableStack();
  let killed = 0;
  let duration = 0;
  let before = trees.use(await tempTree(releaseTree(0)));
  await sync(target.options(before, "v0"));
  for (let n = 1; n <= count; n += 1) {
    const tree = trees.use(await tempTree(releaseTree(n)));
    target.reset?.();
    const began = performance.now();
    const ended = await runUntil(program, target, tree, { release: `v${n}`, moment: momentOf(n, target), duration });
    if (ended === "killed") killed += 1;
    else duration = performance.now() - began;
    target.reset?.();
    const goesOn = n % 3 !== 0;
    const again = goesOn ? tree : before;
    if (!goesOn) await again.write(releaseTree(n + count));
    const options = target.options(again, goesOn ? `v${n}` : `v${n}-next`);
    await sync(options);
    await expectRight(target, goesOn ? releaseTree(n) : releaseTree(n + count), options);
    before = tree;
  }
  return killed;
}

async function runUntil(
  program: string,
  target: KillTarget,
  tree: TempTree,
  run: { readonly release: string; readonly moment: Moment; readonly duration: number },
): Promise<"killed" | "ended"> {
  const words = ["sync", tree.path, "--release", run.release, "--json", ...target.words];
  const env = { PATH: process.env["PATH"], HOME: tree.path, AWS_EC2_METADATA_DISABLED: "true", ...target.env };
  const child = spawn(program, words, { env, stdio: ["ignore", "pipe", "pipe"] });
  const kill = (): boolean => child.kill("SIGKILL");
  const { moment } = run;
  let lines = 0;
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
  child.stdout.on("data", (chunk: Buffer) => {
    lines += chunk.toString().split("\n").length - 1;
    if (moment.kind === "line" && lines > moment.n) kill();
  });
  if (moment.kind === "request") target.killAtRequest?.(child, moment.n);
  // The first run that is not killed tells how long one takes; until then a guess does.
  const timer = moment.kind === "time" ? setTimeout(kill, moment.share * (run.duration || 300)) : undefined;
  const [code, signal]: readonly unknown[] = await once(child, "close");
  clearTimeout(timer);
  if (signal === "SIGKILL") return "killed";
  expect([said, code]).toEqual([said, 0]);
  return "ended";
}

/** Everything of the build is there, the ledger tells what is stored, and each release has what it needs. */
async function expectRight(
  target: KillTarget,
  files: Readonly<Record<string, string>>,
  { release, receipt }: SyncOptions,
): Promise<void> {
  const wrong: string[] = [];
  for (const [key, text] of Object.entries(files)) {
    if ((await target.stored(key))?.toString() !== text) wrong.push(`${release} ${key}`);
  }
  const ledger = await target.ledger();
  for (const [key, row] of ledger.files) {
    const stored = await target.stored(key);
    const unlike = stored === undefined || (row.sha256 !== UNKNOWN_DIGEST && row.sha256 !== sha256(stored));
    if (unlike) wrong.push(`${release} the row of ${key}`);
  }
  for (const [id, { keys }] of ledger.releases) {
    for (const key of keys) if (!ledger.files.has(key)) wrong.push(`${release} ${key} of ${id}`);
  }
  expect(wrong).toEqual([]);
  expect(await verify({ receipt, deep: true })).toMatchObject({ holds: true, superseded: [], faults: [] });
}

/** What a target or a build must not have when nothing runs any more. */
export function leftovers(names: readonly string[]): readonly string[] {
  return names.filter((name) => name.endsWith(".draft") || name.includes("/drafts/") || name.includes("damaged"));
}
