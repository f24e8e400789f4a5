import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { outputOf, serviceVariable, tempTree, type ServiceName } from "@slipway/testkit";

import { signRequest } from "../../src/aws/sign-request.ts";
import { sendRequest } from "../../src/aws/http-request.ts";

/** A back end of its own for one deployment, which also counts what its tasks do. */
export interface TestBackEnd extends AsyncDisposable {
  /** The election's address. */
  readonly url: string;
  /** Host and port behind the address; `undefined` where there is no network. */
  readonly server: string | undefined;
  readonly env: NodeJS.ProcessEnv;
  /** A shell command that writes one run down in the back end. */
  readonly note: string;
  /** The same, unless one is written down already, as a migration does it. */
  readonly noteOnce: string;
  /** How many runs are written down. */
  count(): Promise<number>;
}

/** A kind of back end: what it needs, and how to make one. */
export interface BackEndKind {
  readonly name: string;
  readonly needs: readonly ServiceName[];
  readonly make: () => Promise<TestBackEnd>;
}

export const BACK_ENDS: readonly BackEndKind[] = [
  { name: "PostgreSQL", needs: ["postgres"], make: postgres },
  { name: "MySQL", needs: ["mysql"], make: mysql },
  { name: "S3", needs: ["s3"], make: s3 },
  { name: "a file", needs: [], make: file },
];

const PUT_OBJECT = join(import.meta.dirname, "../fixtures/put-object.ts");

function randomName(): string {
  return `slipway_test_${randomBytes(6).toString("hex")}`;
}

function psql(url: string, statement: string): string {
  return outputOf("psql", ["-qXAt", url, "-c", statement]);
}

async function postgres(): Promise<TestBackEnd> {
  const server = serviceVariable("TEST_DATABASE_URL");
  const name = randomName();
  psql(server, `create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  psql(url.href, "create table runs (at timestamptz default clock_timestamp())");
  const insert = 'psql -qX "$WORK_URL" -c "insert into runs select now()';
  return {
    url: url.href,
    server: url.host,
    env: { WORK_URL: url.href },
    note: `${insert}"`,
    noteOnce: `${insert} where not exists (select from runs)"`,
    count: () => Promise.resolve(Number(psql(url.href, "select count(*) from runs"))),
    [Symbol.asyncDispose]: async () => void psql(server, `drop database ${name} with (force)`),
  };
}

async function mysql(): Promise<TestBackEnd> {
  const server = new URL(serviceVariable("TEST_MYSQL_URL"));
  const name = randomName();
  const flags = ["-h", server.hostname, "-P", server.port, "-u", server.username, "-N", "-B"];
  const env = { ...process.env, MYSQL_PWD: decodeURIComponent(server.password) };
  const sql = (statement: string): string => outputOf("mysql", [...flags, "-e", statement], { env });
  sql(`create database ${name}; create table ${name}.runs (at datetime(6))`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  const insert = (where: string): string =>
    `mysql ${flags.join(" ")} -e "insert into ${name}.runs select now(6) ${where}"`;
  return {
    url: url.href,
    server: url.host,
    env: { MYSQL_PWD: decodeURIComponent(server.password) },
    note: insert(""),
    noteOnce: insert(`from dual where not exists (select 1 from ${name}.runs)`),
    count: () => Promise.resolve(Number(sql(`select count(*) from ${name}.runs`))),
    [Symbol.asyncDispose]: async () => {
      sql(`drop database ${name}; delete from slipway.elections where scope = '${name}'`);
    },
  };
}

async function s3(): Promise<TestBackEnd> {
  const endpoint = serviceVariable("TEST_S3_ENDPOINT");
  const region = serviceVariable("TEST_S3_REGION");
  const credentials = {
    accessKeyId: serviceVariable("TEST_S3_ACCESS_KEY_ID"),
    secretAccessKey: serviceVariable("TEST_S3_SECRET_ACCESS_KEY"),
    sessionToken: undefined,
  };
  const bucket = randomName().replaceAll("_", "-");
  const send = async (method: string, path: string): Promise<string> => {
    const request = { method, url: new URL(`${endpoint}/${bucket}${path}`), body: "", headers: {} };
    const signed = signRequest(request, credentials, { service: "s3", region, now: new Date() });
    const { status, body } = await sendRequest(signed, AbortSignal.timeout(30_000));
    if (status >= 300) throw new Error(`${method} ${path} answered ${String(status)}: ${body}`);
    return body;
  };
  await send("PUT", "");
  const keys = async (): Promise<string[]> => {
    const listed = await send("GET", "?encoding-type=url&list-type=2");
    return [...listed.matchAll(/<Key>([^<]+)<\/Key>/g)].map(([, key = ""]) =>
      decodeURIComponent(key.replaceAll("&apos;", "'")),
    );
  };
  const { accessKeyId, secretAccessKey } = credentials;
  const put = (key: string): string => `node ${JSON.stringify(PUT_OBJECT)} "${endpoint}/${bucket}/runs/${key}"`;
  return {
    url: `s3://${bucket}/elections?endpoint=${encodeURIComponent(endpoint)}&region=${region}`,
    server: new URL(endpoint).host,
    env: { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey },
    note: put("$$"),
    noteOnce: put("once"),
    count: async () => (await keys()).filter((key) => key.startsWith("runs/")).length,
    [Symbol.asyncDispose]: async () => {
      for (const key of await keys()) await send("DELETE", `/${key.split("/").map(encodeURIComponent).join("/")}`);
      await send("DELETE", "");
    },
  };
}

async function file(): Promise<TestBackEnd> {
  const folder = await tempTree({ runs: "" });
  const runs = join(folder.path, "runs");
  return {
    url: `file://${join(folder.path, "election.db")}`,
    server: undefined,
    env: { RUNS: runs },
    note: 'echo run >> "$RUNS"',
    noteOnce: '[ -s "$RUNS" ] || echo run >> "$RUNS"',
    count: () => Promise.resolve(readFileSync(runs, "utf8").split("\n").filter(Boolean).length),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}
