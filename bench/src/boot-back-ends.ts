import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { Agent } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { lookUpServices, serviceVariable, type ServiceName } from "@slipway/testkit";

import { put, removeBucket, type S3Server } from "./assets/bare-s3.ts";
import type { BootPeer } from "./boot-peers.ts";
import type { Programs } from "./programs.ts";

/** Where elections are held, made for one run and removed when the `await using` scope ends. */
export interface BenchBackEnd extends AsyncDisposable {
  readonly url: string;
  readonly env: NodeJS.ProcessEnv;
}

export interface BackEndKind {
  readonly name: string;
  readonly needs: readonly ServiceName[];
  /** The program that makes and removes what is held in. */
  readonly client?: BootPeer;
  readonly make: () => Promise<BenchBackEnd>;
  /** What the server says of its version, where it says one. */
  readonly version?: () => string;
}

export const BACK_ENDS: readonly BackEndKind[] = [
  { name: "PostgreSQL", needs: ["postgres"], client: "psql", make: postgres, version: postgresVersion },
  { name: "MariaDB", needs: ["mysql"], client: "mysql", make: mariadb, version: mariadbVersion },
  { name: "S3", needs: ["s3"], make: s3 },
  { name: "a file", needs: [], make: file },
];

/** Those whose server and client are here, and a remark for each whose server is not. */
export function backEndsHere(programs: Programs<BootPeer>): {
  readonly kinds: readonly BackEndKind[];
  readonly missing: readonly string[];
} {
  const looked = BACK_ENDS.map((kind) => ({ kind, ...lookUpServices(...kind.needs) }));
  return {
    kinds: looked
      .filter(({ available, kind: { client } }) => available && (client === undefined || programs.has(client)))
      .map(({ kind }) => kind),
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
  return { url: url.href, env: {}, [Symbol.asyncDispose]: async () => void run("psql", drop) };
}

function postgresVersion(): string {
  return run("psql", ["-qXAt", serviceVariable("TEST_DATABASE_URL"), "-c", "show server_version"]);
}

async function mariadb(): Promise<BenchBackEnd> {
  const url = new URL(serviceVariable("TEST_MYSQL_URL"));
  const name = randomName();
  url.pathname = `/${name}`;
  mysql(`create database ${name}`);
  const drop = `drop database ${name}; delete from slipway.elections where scope = '${name}'`;
  return { url: url.href, env: {}, [Symbol.asyncDispose]: async () => void mysql(drop) };
}

function mariadbVersion(): string {
  return mysql("select version()");
}

function mysql(statement: string): string {
  const { hostname, port, username, password } = new URL(serviceVariable("TEST_MYSQL_URL"));
  const login = ["-h", hostname, "-P", port, "-u", username];
  return run("mysql", [...login, "-BN", "-e", statement], { ...process.env, MYSQL_PWD: decodeURIComponent(password) });
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

function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): string {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: "utf8", env });
  if (status !== 0) throw new Error(`${command} ended with ${String(status)}: ${stderr}`);
  return stdout.trim();
}
