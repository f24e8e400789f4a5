import { createHash } from "node:crypto";
import { join } from "node:path";

import { tempTree, type DoubleObject, type Fault, type S3Double } from "@slipway/testkit";

import type { SyncOptions } from "../../src/config/options.ts";
import { AssetSyncError } from "../../src/errors.ts";
import { decodeLedger } from "../../src/ledger/format.ts";
import { LEDGER_KEY, UNKNOWN_DIGEST, type Ledger } from "../../src/ledger/ledger.ts";
import { headersText } from "../../src/scan/headers.ts";
import { scan } from "../../src/scan/scan.ts";
import { sync } from "../../src/sync/sync.ts";
import { BUCKET, syncFixture } from "./fixture.ts";

const PREFIX = "pre/";
const FINGERPRINTED = 45;
const PLAIN = 12;
const MANIFESTS = ["assets/.manifest.json", "packs/manifest.json", "vite/.vite/manifest.json"];

/** Requests of a sync of 60 files: the ledger read, a put for each, the ledger written. */
const REQUESTS: number = FINGERPRINTED + PLAIN + MANIFESTS.length + 2;

/** Answers are waited for, pauses are not. */
const PATIENCE = { silence: 2_000, pause: () => new Promise<void>((resolve) => setImmediate(resolve)) };

/** 60 files of a release; plain files and manifests have the same names in each. */
function release(name: string, seed: number): Readonly<Record<string, string>> {
  const files: Record<string, string> = {};
  for (let n = 0; n < FINGERPRINTED; n += 1) {
    files[`assets/file-${(seed + n).toString(16)}.js`] = `${name} fingerprinted ${n} ${"x".repeat(n * 7)}`;
  }
  for (let n = 0; n < PLAIN; n += 1) files[`assets/page${String.fromCodePoint(97 + n)}.txt`] = `${name} plain ${n}`;
  for (const key of MANIFESTS) files[key] = `{"release":"${name}"}`;
  return files;
}

/** What a reader may get for a key: text for bytes and headers together. */
type Faces = Map<string, Set<string>>;

/** A target that holds v1, and v2 that is to be synced to it while one request goes wrong. */
export interface FaultWorld extends AsyncDisposable {
  /** Runs the sync of v2 with a fault at one request, and what is to come after it; returns what was wrong about it. */
  run(fault: Fault, index: number, times: "once" | "always"): Promise<readonly string[]>;
}

/** Sets the world up once; each run begins with the state that the sync of v1 has left. */
export async function faultWorld(): Promise<FaultWorld> {
  const stack = new AsyncDisposableStack();
  const old = stack.use(await syncFixture(release("v1", 0x1a000000)));
  const next = stack.use(await tempTree(release("v2", 0x2b000000)));
  await sync(old.options());
  const state = new Map(old.double.objects(BUCKET));
  const options = { ...old.options({ release: "v2" }), publicDir: next.path, receipt: join(next.path, "receipt.json") };
  const faces: Faces = new Map();
  for (const tree of [old.tree, next]) await addFaces(faces, { ...options, publicDir: tree.path });
  const watcher = new Watcher(old.double, faces);
  return {
    run: async (fault, index, times) => {
      await reset(old.double, state);
      watcher.wrong.clear();
      const aim = aimAt(old.double, fault, index, times);
      const failure = await outcome(options);
      old.double.clearFaults();
      if (failure !== undefined) {
        checkFailure(failure, aim.key(), watcher);
        const again = await outcome(options);
        if (again !== undefined) watcher.wrong.add(`run again: ${again.message}`);
      }
      watcher.checkEnd();
      if (aim.key() === undefined) watcher.wrong.add("no request was hit");
      return [...watcher.wrong];
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

async function addFaces(faces: Faces, options: SyncOptions): Promise<void> {
  const { assets } = await scan(options);
  for (const { key, sha256, headers } of assets) {
    const known = faces.get(key) ?? new Set();
    faces.set(key, known.add(`${sha256}\n${headersText(headers)}`));
  }
}

async function reset(double: S3Double, state: ReadonlyMap<string, DoubleObject>): Promise<void> {
  const objects = double.objects(BUCKET);
  objects.clear();
  for (const [key, object] of state) objects.set(key, object);
  double.log.length = 0;
}

function aimAt(
  double: S3Double,
  fault: Fault,
  index: number,
  times: "once" | "always",
): { readonly key: () => string | undefined } {
  let hit: { readonly method: string; readonly key: string } | undefined;
  double.fail({
    fault,
    matches: (request, at) => {
      if (at === index) hit = request;
      return at === index || (times === "always" && hit?.method === request.method && hit.key === request.key);
    },
  });
  return { key: () => hit?.key };
}

/** What a sync fails with; undefined when it succeeds. */
async function outcome(options: SyncOptions): Promise<Error | undefined> {
  return sync(options, { patience: PATIENCE }).then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
  );
}

function checkFailure(failure: Error, key: string | undefined, watcher: Watcher): void {
  if (!(failure instanceof AssetSyncError)) {
    watcher.wrong.add(`a failure that is none of ours: ${failure.message}`);
    return;
  }
  // Code 2 promises that nothing was touched.
  if (failure.exitCode !== 1 && !(failure.exitCode === 2 && watcher.changes === 0)) {
    watcher.wrong.add(`exit code ${failure.exitCode} after ${watcher.changes} changes`);
  }
  if (key === undefined || !failure.message.includes(key)) watcher.wrong.add(`not named: ${key} in ${failure.message}`);
}

/** Looks at the target after each change, in the same turn: what the ledger's releases name must be served right. */
class Watcher {
  readonly wrong: Set<string> = new Set();
  changes = 0;
  readonly #objects: Map<string, DoubleObject>;
  readonly #faces: Faces;

  constructor(double: S3Double, faces: Faces) {
    this.#objects = double.objects(BUCKET);
    this.#faces = faces;
    double.onChange((_, key) => {
      this.changes += 1;
      if (key === PREFIX + LEDGER_KEY) this.#checkLedger();
      else this.#checkObject(key.slice(PREFIX.length));
    });
  }

  /** What a run that has succeeded, or that was made again, has to leave. */
  checkEnd(): void {
    this.#checkLedger();
    const { releases } = this.#ledger();
    if ([...releases.keys()].join(" ") !== "v1 v2") this.wrong.add(`releases: ${[...releases.keys()].join(" ")}`);
    const rows = this.#ledger().files;
    for (const key of releases.get("v2")?.keys ?? []) {
      const object = this.#objects.get(PREFIX + key);
      if (object === undefined || !object.body.includes("v2")) this.wrong.add(`${key} does not hold v2`);
      if (rows.get(key)?.sha256 === UNKNOWN_DIGEST) this.wrong.add(`${key} is in doubt`);
    }
    this.changes = 0;
  }

  #ledger(): Ledger {
    return decodeLedger(this.#objects.get(PREFIX + LEDGER_KEY)?.body ?? Buffer.alloc(0), "ledger");
  }

  /** Every row stands for what is stored, and every key of a release is there. */
  #checkLedger(): void {
    const { files, releases } = this.#ledger();
    for (const { keys } of releases.values()) for (const key of keys) this.#checkObject(key);
    for (const [key, { sha256 }] of files) {
      const body = this.#objects.get(PREFIX + key)?.body;
      if (sha256 !== UNKNOWN_DIGEST && (body === undefined || digest(body) !== sha256)) {
        this.wrong.add(`the ledger does not tell what ${key} holds`);
      }
    }
  }

  /** A plain name may hold the old bytes or the new ones, each with its own headers; a fingerprinted one its only bytes. */
  #checkObject(key: string): void {
    const object = this.#objects.get(PREFIX + key);
    const face = object === undefined ? "nothing" : `${digest(object.body)}\n${headersText(object.headers)}`;
    if (this.#faces.get(key)?.has(face) !== true) this.wrong.add(`${key} is served as ${face}`);
  }
}

function digest(body: Buffer): string {
  return createHash("sha256").update(body).digest("hex");
}

/** Runs one kind of fault at every request; returns all that was wrong. */
export async function atEveryRequest(
  world: FaultWorld,
  fault: Fault,
  times: "once" | "always",
): Promise<readonly string[]> {
  const wrong: string[] = [];
  for (let index = 0; index < REQUESTS; index += 1) {
    for (const text of await world.run(fault, index, times)) wrong.push(`request ${index}: ${text}`);
  }
  return wrong;
}
