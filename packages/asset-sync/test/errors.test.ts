import { writeFileSync } from "node:fs";
import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { zstdCompressSync } from "node:zlib";

import { startLoopbackServer } from "@slipway/testkit";
import { describe, expect, it, vi } from "vitest";

import { runningFile } from "../src/collect/running-list.ts";
import { refuseNode } from "../src/cli/node-version.ts";
import { run } from "../src/cli/run.ts";
import { loadConfig } from "../src/config/config-file.ts";
import { resolveOptions, resolveTarget } from "../src/config/options.ts";
import { ERRORS, type ErrorCode } from "../src/errors.ts";
import { LEDGER_KEY } from "../src/ledger/ledger.ts";
import { pin } from "../src/sync/pin.ts";
import { apply, plan, sync } from "../src/sync/sync.ts";
import { verify } from "../src/verify/verify.ts";
import { cloudFrontDouble } from "./cloudfront/cloudfront-double.ts";
import { collectWorld, ownKey } from "./collect/collect-fixture.ts";
import { BUCKET, BUILD, syncFixture } from "./sync/fixture.ts";

const LEDGER = `pre/${LEDGER_KEY}`;

/** The real wrong thing for each code. */
const WRONG: Record<ErrorCode, () => Promise<unknown>> = {
  ASSET_SYNC_NODE_UNSUPPORTED: async () => refuseNode("20.19.5"),
  ASSET_SYNC_USAGE: () => runWords(["sync", "--bucket", "x"]),
  ASSET_SYNC_OPTION_INVALID: async () => resolveTarget({ to: "s3://shop" }, { ASSET_SYNC_PATH_STYLE: "maybe" }),
  ASSET_SYNC_CONFIG_INVALID: () => loadConfig("nowhere.json", {}, "/"),
  ASSET_SYNC_TARGET_INVALID: async () => resolveTarget({ to: "ftp://shop" }, {}),
  ASSET_SYNC_BUCKET_NAME: async () => resolveTarget({ to: "s3://A" }, {}),
  ASSET_SYNC_RELEASE_UNKNOWN: async () => resolveOptions(undefined, { to: "s3://shop" }, {}, "/"),
  ASSET_SYNC_ASSETS_MISSING: () => syncOf({ "elsewhere/a.js": "a" }),
  ASSET_SYNC_ASSETS_EMPTY: async () => {
    await using world = await syncFixture();
    await sync(world.options());
    await mkdir(join(world.tree.path, "packs"));
    return await sync(world.options({ dir: ["packs"] }));
  },
  ASSET_SYNC_INCOMPLETE: async () => {
    await using world = await syncFixture({ "assets/.manifest.json": '{"a.js":"a-1f3c9a2b.js"}' });
    return await sync(world.options({ strict: true }));
  },
  ASSET_SYNC_TOO_MANY_REQUESTS: async () => {
    await using world = await syncFixture();
    return await sync(world.options({ maxRequests: "6" }));
  },
  ASSET_SYNC_PLAN_INVALID: () => runWords(["apply", "nowhere.json"]),
  ASSET_SYNC_PLAN_STALE: async () => {
    await using world = await syncFixture();
    const options = world.options();
    const made = await plan(options);
    await sync(world.options({ release: "v0" }));
    return await apply({ options, plan: made });
  },
  ASSET_SYNC_FILE_REFUSED: async () => {
    await using world = await syncFixture();
    await symlink("nothing", join(world.tree.path, "assets/link.js"));
    return await sync(world.options());
  },
  ASSET_SYNC_FILE_CHANGED: async () => {
    await using world = await syncFixture();
    const onEvent = ({ type }: { readonly type: string }): void => {
      if (type === "planned") writeFileSync(join(world.tree.path, "assets/robots.txt"), "changed meanwhile");
    };
    return await sync(world.options(), { onEvent });
  },
  ASSET_SYNC_HALF_KEY_PAIR: async () => resolveTarget({ to: "s3://shop" }, { AWS_ACCESS_KEY_ID: "AKIA" }),
  ASSET_SYNC_CREDENTIALS_MALFORMED: async () => {
    await using world = await syncFixture();
    vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIADOUBLE\n");
    return await sync(world.options());
  },
  ASSET_SYNC_CREDENTIALS_MISSING: async () => {
    await using world = await syncFixture();
    vi.stubEnv("AWS_ACCESS_KEY_ID", undefined);
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", undefined);
    return await sync(world.options());
  },
  ASSET_SYNC_CREDENTIALS_REFUSED: async () => {
    await using world = await syncFixture();
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "wrong");
    return await sync(world.options());
  },
  ASSET_SYNC_ACCESS_DENIED: () => syncWithFault(403, "AccessDenied"),
  ASSET_SYNC_BUCKET_MISSING: async () => {
    await using world = await syncFixture();
    return await sync(world.options({ to: "s3://another-bucket" }));
  },
  ASSET_SYNC_REGION_WRONG: () => syncWithFault(301, "PermanentRedirect"),
  ASSET_SYNC_ENDPOINT_WRONG: async () => {
    await using world = await syncFixture();
    await using page = await startLoopbackServer((_, response) => response.end("<html></html>"));
    return await sync(world.options({ endpoint: page.endpoint }));
  },
  ASSET_SYNC_STORE_FAILED: () => syncWithFault(400, "InvalidRequest"),
  ASSET_SYNC_LEDGER_DAMAGED: async () => {
    await using world = await syncFixture();
    world.double.objects(BUCKET).set(LEDGER, { body: Buffer.from("not packed"), etag: "e", headers: {} });
    return await plan(world.options());
  },
  ASSET_SYNC_LEDGER_UNKNOWN: () => syncWithLedger(zstdCompressSync('{"format":"slipway-ledger/2"}')),
  ASSET_SYNC_LEDGER_CONTENDED: async () => {
    await using world = await syncFixture();
    const objects = world.double.objects(BUCKET);
    let rival = 0;
    const fault = { kind: "answer", status: 412, code: "PreconditionFailed" } as const;
    world.double.fail({
      fault,
      matches: ({ method, key }) => {
        if (method !== "PUT" || key !== LEDGER) return false;
        rival += 1;
        const body = zstdCompressSync(
          '{"format":"slipway-ledger/1","headers":[],"files":{"key":[],"size":[],"sha256":"","headers":[],"revision":[]},"releases":{}}',
        );
        objects.set(LEDGER, { body, etag: `rival-${rival}`, headers: {} });
        return true;
      },
    });
    vi.spyOn(Math, "random").mockReturnValue(0);
    return await sync(world.options());
  },
  ASSET_SYNC_BYTES_DIFFER: async () => {
    await using world = await syncFixture();
    await sync(world.options());
    await world.tree.write({ "assets/logo-00ff00ff.svg": "<svg>other</svg>" });
    return await sync(world.options());
  },
  ASSET_SYNC_RECEIPT_INVALID: () => verify({ receipt: "/nowhere/receipt.json" }),
  ASSET_SYNC_RECEIPT_UNWRITABLE: async () => {
    await using world = await syncFixture();
    return await sync(world.options({ receipt: join(world.tree.path, "assets/robots.txt/.receipt.json") }));
  },
  ASSET_SYNC_RELEASE_MISSING: async () => {
    await using world = await syncFixture();
    await sync(world.options());
    return await pin(world.options().target, { release: "v11", pinned: true });
  },
  ASSET_SYNC_CDN_UNREACHABLE: async () => {
    await using world = await syncFixture();
    const { receipt } = world.options();
    await sync(world.options());
    return await verify({ receipt, via: new URL("http://127.0.0.1:1") });
  },
  ASSET_SYNC_INVALIDATION_FAILED: async () => {
    await using world = await syncFixture();
    await using cdn = await cloudFrontDouble();
    return await sync(world.options({ cloudfront: `${cdn.distribution}X` }));
  },
  ASSET_SYNC_TOO_MANY_DELETES: async () => {
    await using world = await collectWorld(3);
    return await world.collect({ keep: 1, maxDelete: 1 });
  },
  ASSET_SYNC_COLLECTION_REFUSED: async () => {
    await using world = await collectWorld(3);
    world.double.objects(BUCKET).delete(`pre/${ownKey(3)}`);
    return await world.collect({ keep: 1 });
  },
  ASSET_SYNC_RUNNING_UNKNOWN: async () => {
    await using world = await collectWorld(2);
    return await world.collect({ runningFrom: [async () => [{ name: "task", images: ["shop:latest"] }]] });
  },
  ASSET_SYNC_RUNNING_UNREADABLE: async () => {
    await using world = await collectWorld(2);
    return await world.collect({ runningFrom: [runningFile("/nowhere/running.txt")] });
  },
  ASSET_SYNC_DELETES_FAILED: async () => {
    await using world = await collectWorld(3, { refusesDelete: () => "AccessDenied" });
    return await world.collect({ keep: 1 });
  },
  ASSET_SYNC_IMAGE_UNREADABLE: () => runWords(["push", "--from-image", "-v", "--to", "file://store"]),
  ASSET_SYNC_INTERRUPTED: async () => {
    await using world = await syncFixture();
    const stop = new AbortController();
    return await sync(world.options(), {
      signal: stop.signal,
      onEvent: ({ type }) => type === "phase" && stop.abort(),
    });
  },
};

describe("every error code", () => {
  it.each(Object.entries(WRONG))("%s is reached by doing the wrong thing", async (code, doWrong) => {
    const failure = await doWrong().catch((error: unknown) => error);
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
    expect(failure).toMatchObject({ code });
  });

  it("has an exit code, a meaning and a remedy", () => {
    for (const { exitCode, meaning, remedy } of Object.values(ERRORS)) {
      expect([1, 2, 3, 130]).toContain(exitCode);
      expect(meaning).toMatch(/^[A-Z].*\.$/);
      expect(remedy).toMatch(/^.*[.:)]$/);
    }
  });
});

async function syncOf(files: Readonly<Record<string, string>>): Promise<unknown> {
  await using world = await syncFixture(files);
  return await sync(world.options());
}

async function syncWithFault(status: number, code: string): Promise<unknown> {
  await using world = await syncFixture();
  world.double.fail({ fault: { kind: "answer", status, code }, matches: () => true });
  return await sync(world.options());
}

async function syncWithLedger(body: Buffer): Promise<unknown> {
  await using world = await syncFixture(BUILD);
  world.double.objects(BUCKET).set(LEDGER, { body, etag: "e", headers: {} });
  return await sync(world.options());
}

/** Runs a command line and gives back the error that it printed as JSON. */
async function runWords(words: readonly string[]): Promise<unknown> {
  const lines: string[] = [];
  const stdout = { write: (text: string) => lines.push(text) };
  const stderr = { write: () => undefined };
  const terminal = { stdout, stderr, environment: {}, directory: "/" };
  await run([...words, "--json"], terminal, new AbortController().signal);
  return JSON.parse(lines.find((line) => line.includes('"error"')) ?? "{}");
}
