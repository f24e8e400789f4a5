import { randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { Agent } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { lookUpServices, serviceVariable, startCountingProxy, type CountingProxy } from "@slipway/testkit";

import type { Measures } from "../interleave.ts";
import { findPrograms, missingWords, type Programs } from "../programs.ts";
import { NotReadyError } from "../result.ts";
import { inParallel, put, removeBucket, type S3Server } from "./bare-s3.ts";
import { gemHome } from "./gem.ts";
import { PEERS, type PeerName } from "./peers.ts";
import { refusedIn, requestsOf, runMeasured } from "./run-measured.ts";
import { TOOLS, type Installed, type Tool, type Upload } from "./tools.ts";

/** All that the cases share: the server, the tools that are there, and buckets that go with it. */
export interface Workshop extends AsyncDisposable {
  readonly tools: readonly Tool[];
  readonly programs: Programs<PeerName>;
  readonly remarks: readonly string[];
  makeBucket(): Promise<string>;
  removeBucket(bucket: string): Promise<void>;
  /** Objects of somebody else, among the assets: the gem looks nowhere else. */
  fill(bucket: string, from: number, to: number): Promise<void>;
  startProxy(delayMs: number): Promise<CountingProxy>;
  /** Runs a tool through a proxy and says what it took and asked for. */
  run(tool: Tool, proxy: CountingProxy, upload: Omit<Upload, "endpoint">): Promise<Measures>;
}

/**
 * Looks the peers up and installs the gem.
 * @throws NotReadyError where S3 or GNU time is missing, and unless `anyway` where another peer is.
 */
export async function openWorkshop(anyway: boolean): Promise<Workshop> {
  const { programs, time, missing } = await lookUp(anyway);
  const server = serverOf();
  const ruby = programs.get("ruby");
  const gems = ruby === undefined ? "" : await gemHome(ruby);
  // last, so that nothing that fails leaves credentials behind
  const configuration = await mkdtemp(join(tmpdir(), "bench-s3cmd-"));
  const s3cmdConfig = await configureS3cmd(server, configuration);
  const installed: Installed = { path: (name) => programs.get(name) ?? name, gems, s3cmdConfig };
  const buckets = new Set<string>();
  const remove = async (bucket: string): Promise<void> => {
    await removeBucket(server, bucket);
    buckets.delete(bucket);
  };
  return {
    tools: TOOLS.filter(({ needs }) => needs.every((name) => programs.has(name))),
    programs,
    remarks: missing === undefined ? [] : [missing],
    makeBucket: async () => {
      const bucket = `bench-assets-${randomUUID()}`;
      await put(new Agent(), server, `/${bucket}`);
      buckets.add(bucket);
      return bucket;
    },
    removeBucket: remove,
    fill: (bucket, from, to) => fill(server, bucket, from, to),
    startProxy: (delayMs) => startCountingProxy(server.endpoint, delayMs),
    run: async (tool, proxy, upload) => {
      const { env = {}, ...command } = tool.command({ ...upload, endpoint: proxy.endpoint }, installed);
      proxy.log.length = 0;
      const used = await runMeasured(time, command, { ...environment(server), ...env });
      const [refused] = refusedIn(proxy.log);
      if (refused !== undefined) throw new Error(`${tool.name}: ${refused}`);
      return { ...used, ...requestsOf(proxy.log) };
    },
    [Symbol.asyncDispose]: async () => {
      await rm(configuration, { recursive: true });
      for (const bucket of buckets) await remove(bucket);
    },
  };
}

async function fill(server: S3Server, bucket: string, from: number, to: number): Promise<void> {
  const paths = Array.from({ length: to - from }, (_, n) => `/${bucket}/assets/foreign-${from + n}.js`);
  await inParallel(paths, (path, agent) => put(agent, server, path, { body: Buffer.from("x") }));
}

/** The programs that are there, GNU time's path, and what is missing. */
async function lookUp(anyway: boolean) {
  const s3 = lookUpServices("s3");
  if (!s3.available) throw new NotReadyError(`a benchmark of uploads ${s3.reason}`);
  const programs = await findPrograms(PEERS);
  const missing = missingWords(PEERS, programs);
  const time = programs.get("time");
  if (time === undefined || (missing !== undefined && !anyway)) {
    throw new NotReadyError(`${missing}; --anyway leaves out those that upload`);
  }
  return { programs, time, missing };
}

function serverOf(): S3Server {
  return {
    endpoint: serviceVariable("TEST_S3_ENDPOINT"),
    accessKeyId: serviceVariable("TEST_S3_ACCESS_KEY_ID"),
    secretAccessKey: serviceVariable("TEST_S3_SECRET_ACCESS_KEY"),
  };
}

async function configureS3cmd(server: S3Server, folder: string): Promise<string> {
  const file = join(folder, "s3cfg");
  const lines = [`access_key = ${server.accessKeyId}`, `secret_key = ${server.secretAccessKey}`];
  await writeFile(file, `[default]\n${lines.join("\n")}\n`, { mode: 0o600 });
  return file;
}

/** Nothing of the user's own configuration. */
function environment({ accessKeyId, secretAccessKey }: S3Server): NodeJS.ProcessEnv {
  return {
    PATH: "/usr/bin:/bin",
    HOME: tmpdir(),
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_EC2_METADATA_DISABLED: "true",
  };
}
