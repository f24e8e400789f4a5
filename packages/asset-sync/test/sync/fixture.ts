import { startS3Double, tempTree, type S3Double, type S3DoubleOptions, type TempTree } from "@slipway/testkit";
import { vi } from "vitest";

import { resolveOptions, type Flags, type SyncOptions } from "../../src/config/options.ts";
import type { SyncEvent } from "../../src/events.ts";
import { decodeLedger } from "../../src/ledger/format.ts";
import { LEDGER_KEY, type Ledger } from "../../src/ledger/ledger.ts";
import { sync } from "../../src/sync/sync.ts";

export const BUCKET = "shop-assets";

/** A build: two phases of files and a manifest. Fingerprints are of the content, as a build tool's are. */
export const BUILD: Readonly<Record<string, string>> = {
  "assets/application-1f3c9a2b.js": "console.log(1)",
  "assets/application-0a1b2c3d.css": "body{}",
  "assets/logo-00ff00ff.svg": "<svg/>",
  "assets/robots.txt": "User-agent: *",
  "assets/.manifest.json": '{"application.js":"application-1f3c9a2b.js"}',
};

/** A public folder and an S3 double with an empty bucket, and the credentials for it in this process' environment. */
export interface SyncFixture extends AsyncDisposable {
  readonly tree: TempTree;
  readonly double: S3Double;
  options(flags?: Flags): SyncOptions;
  /** Objects below the prefix, ledger left out. */
  keys(): readonly string[];
  ledger(): Ledger;
  /** Methods and keys below the prefix since the last call. */
  requests(): readonly string[];
}

export async function syncFixture(
  files: Readonly<Record<string, string>> = BUILD,
  options: S3DoubleOptions = {},
): Promise<SyncFixture> {
  const double = await startS3Double({ buckets: [BUCKET], ...options });
  stubCredentials(double);
  const tree = await tempTree(files);
  const location = { endpoint: double.endpoint, region: double.region, pathStyle: true };
  return {
    tree,
    double,
    options: (flags = {}) =>
      resolveOptions(tree.path, { to: `s3://${BUCKET}/pre`, release: "v1", ...location, ...flags }, {}, tree.path),
    keys: () =>
      [...double.objects(BUCKET).keys()]
        .filter((key) => key !== `pre/${LEDGER_KEY}`)
        .map((key) => key.replace("pre/", "")),
    ledger: () => decodeLedger(double.objects(BUCKET).get(`pre/${LEDGER_KEY}`)?.body ?? Buffer.alloc(0), "ledger"),
    requests: () => double.log.splice(0).map(({ method, key }) => `${method} ${key.replace("pre/", "")}`),
    [Symbol.asyncDispose]: async () => {
      vi.unstubAllEnvs();
      await tree[Symbol.asyncDispose]();
      await double[Symbol.asyncDispose]();
    },
  };
}

/** Puts credentials where the AWS chain looks, and nothing else of this machine's. */
export function stubCredentials(double: S3Double): void {
  vi.stubEnv("AWS_ACCESS_KEY_ID", double.credentials.accessKeyId);
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", double.credentials.secretAccessKey);
  vi.stubEnv("AWS_CONFIG_FILE", "/dev/null");
  vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null");
  vi.stubEnv("AWS_EC2_METADATA_DISABLED", "true");
}

/** Syncs and collects the events. */
export async function syncWithEvents(options: SyncOptions): Promise<readonly SyncEvent[]> {
  const events: SyncEvent[] = [];
  await sync(options, { onEvent: (event) => events.push(event) });
  return events;
}

/** Many small fingerprinted files. */
export function manyFiles(count: number, from = 0): Readonly<Record<string, string>> {
  const numbers = Array.from({ length: count }, (_, n) => n + from);
  return Object.fromEntries(numbers.map((n) => [`assets/file-${(n + 0x1a000000).toString(16)}.js`, `content ${n}`]));
}
