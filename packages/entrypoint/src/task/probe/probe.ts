import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { MYSQL_SCHEMES, mysqlAddressName } from "../../election/mysql/address.ts";
import { POSTGRES_SCHEMES, postgresAddress, schemeOf } from "../../election/postgres/address.ts";
import { askSocket, hostOf } from "./socket.ts";

/** Asks once whether something is there. Rejects with the reason when it is not. */
export type Probe = (signal: AbortSignal) => Promise<void>;

interface ProbeRow {
  readonly schemes: readonly string[];
  /** What is ready, without user and password. */
  readonly address: (url: string) => string;
  readonly probe: (url: string) => Probe;
}

/** What can be waited for, by the scheme of its address; each one's code is loaded when it is asked. */
const PROBES: readonly ProbeRow[] = [
  {
    schemes: POSTGRES_SCHEMES,
    address: (url) => `PostgreSQL ${postgresAddress(url)}`,
    probe: (url) => async (signal) => (await import("./postgres.ts")).askPostgres(url, signal),
  },
  {
    schemes: MYSQL_SCHEMES,
    address: (url) => `MySQL ${mysqlAddressName(url)}`,
    probe: (url) => async (signal) => (await import("./mysql.ts")).askMysql(url, signal),
  },
  {
    schemes: ["redis:", "rediss:"],
    address: (url) => `Redis ${hostOf(url, 6379)}`,
    probe: (url) => async (signal) => (await import("./redis.ts")).askRedis(url, signal),
  },
  {
    schemes: ["tcp:"],
    address: (url) => `tcp ${new URL(url).host}`,
    probe: (url) => async (signal) => askSocket(url, signal),
  },
  {
    schemes: ["http:", "https:"],
    address: httpAddress,
    probe: (url) => async (signal) => (await import("./http.ts")).askHttp(url, signal),
  },
  {
    schemes: ["unix:"],
    address: (url) => `socket ${pathOf(url)}`,
    probe: (url) => async (signal) => askSocket(url, signal),
  },
  { schemes: ["file:"], address: (url) => `file ${fileURLToPath(url)}`, probe: file },
];

/** Every scheme that can be waited for. */
export const WAIT_SCHEMES: readonly string[] = PROBES.flatMap((row) => row.schemes);

/** The probe of an address and its printable name. The scheme must be one of {@link WAIT_SCHEMES}. */
export function openProbe(url: string): { readonly address: string; readonly probe: Probe } {
  const scheme = schemeOf(url);
  const row = PROBES.find(({ schemes }) => schemes.includes(scheme));
  if (row === undefined) throw new Error(`no probe for ${scheme}`);
  return { address: row.address(url), probe: row.probe(url) };
}

/** The path of `file:///path` and `unix:///path`. */
export function pathOf(url: string): string {
  return fileURLToPath(url.replace(/^unix:/, "file:"));
}

function httpAddress(url: string): string {
  const { protocol, host, pathname } = new URL(url);
  // What stands before an @ may be a password that was not encoded.
  return `${protocol}//${host}${pathname.includes("@") ? "/…" : pathname}`;
}

function file(url: string): Probe {
  return async () => {
    if (!existsSync(fileURLToPath(url))) throw new Error("no such file");
  };
}
