import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { Agent } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { lookUpServices, serviceVariable, type ServiceName } from "@slipway/testkit";

import { put, removeBucket, type S3Server } from "./assets/bare-s3.ts";

/** Where elections are held, made for one run and removed when the `await using` scope ends. */
export interface BenchBackEnd extends AsyncDisposable {
  readonly url: string;
  readonly env: NodeJS.ProcessEnv;
}

export interface BackEndKind {
  readonly name: string;
  readonly needs: readonly ServiceName[];
  readonly make: () => Promise<BenchBackEnd>;
}

export const BACK_ENDS: readonly BackEndKind[] = [
  { name: "PostgreSQL", needs: ["postgres"], make: postgres },
  { name: "MariaDB", needs: ["mysql"], make: mariadb },
  { name: "S3", needs: ["s3"], make: s3 },
  { name: "a file", needs: [], make: file },
];

/** Those whose server is here, and a remark for each other one. */
export function backEndsHere(): { readonly kinds: readonly BackEndKind[]; readonly missing: readonly string[] } {
  const looked = BACK_ENDS.map((kind) => ({ kind, ...lookUpServices(...kind.needs) }));
  return {
    kinds: looked.filter(({ available }) => available).map(({ kind }) => kind),
    missing: looked.filter(({ available }) => !available).map(({ kind, reason }) => `${kind.name} ${reason}`),
  };
}

function randomName(): string {
  return `slipway_bench_${randomBytes(6).toString("hex")}`;
}

async function postgres(): Promise<BenchBackEnd> {
  const server = serviceVariable("TEST_DATABASE_URL");
  const name = randomName();
  run("psql", ["-qX", server, "-c", `create database ${name}`]);
  const url = new URL(server);
  url.pathname = `/${name}`;
  const drop = ["-qX", server, "-c", `drop database ${name} with (force)`];
  return { url: url.href, env: {}, [Symbol.asyncDispose]: async () => run("psql", drop) };
}

async function mariadb(): Promise<BenchBackEnd> {
  const url = new URL(serviceVariable("TEST_MYSQL_URL"));
  const name = randomName();
  url.pathname = `/${name}`;
  const login = ["-h", url.hostname, "-P", url.port, "-u", url.username];
  const env = { ...process.env, MYSQL_PWD: decodeURIComponent(url.password) };
  run("mysql", [...login, "-e", `create database ${name}`], env);
  const drop = `drop database ${name}; delete from slipway.elections where scope = '${name}'`;
  return { url: url.href, env: {}, [Symbol.asyncDispose]: async () => run("mysql", [...login, "-e", drop], env) };
}

async function s3(): Promise<BenchBackEnd> {
  const server: S3Server = {
    endpoint: serviceVariable("TEST_S3_ENDPOINT"),
    accessKeyId: serviceVariable("TEST_S3_ACCESS_KEY_ID"),
    secretAccessKey: serviceVariable("TEST_S3_SECRET_ACCESS_KEY"),
  };
  const bucket = randomName().replaceAll("_", "-");
  await put(new Agent(), server, `/${bucket}`);
  return {
    url: `s3://${bucket}/elections?endpoint=${encodeURIComponent(server.endpoint)}&region=us-east-1`,
    env: { AWS_ACCESS_KEY_ID: server.accessKeyId, AWS_SECRET_ACCESS_KEY: server.secretAccessKey },
    [Symbol.asyncDispose]: () => removeBucket(server, bucket),
  };
}

/** In the temporary folder, which goes with the machine. */
async function file(): Promise<BenchBackEnd> {
  return {
    url: `file://${join(tmpdir(), `${randomName()}.db`)}`,
    env: {},
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): void {
  const { status, stderr } = spawnSync(command, args, { encoding: "utf8", env });
  if (status !== 0) throw new Error(`${command} ended with ${String(status)}: ${stderr}`);
}
