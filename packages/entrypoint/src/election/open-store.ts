import { fileURLToPath } from "node:url";

import { MYSQL_SCHEMES, mysqlAddressName } from "./mysql/address.ts";
import { POSTGRES_SCHEMES, postgresAddress, schemeOf } from "./postgres/address.ts";
import { S3_SCHEME, s3AddressName } from "./s3/address.ts";
import type { Ballot, ElectionStore } from "./store.ts";

/** One kind of back end: the schemes of its addresses, its name and place for people, and its code, loaded when it is used. */
interface BackEnd {
  readonly schemes: readonly string[];
  readonly name: (url: string) => string;
  readonly open: (url: string, ballot: Ballot, leaseMs: number) => Promise<ElectionStore>;
}

const BACK_ENDS: readonly BackEnd[] = [
  {
    schemes: POSTGRES_SCHEMES,
    name: (url) => `PostgreSQL ${postgresAddress(url)}`,
    open: async (url, ballot) => (await import("./postgres/postgres-store.ts")).postgresStore(url, ballot),
  },
  {
    schemes: MYSQL_SCHEMES,
    name: (url) => `MySQL ${mysqlAddressName(url)}`,
    open: async (url, ballot) => (await import("./mysql/mysql-store.ts")).mysqlStore(url, ballot),
  },
  {
    schemes: [S3_SCHEME],
    name: (url) => s3AddressName(url, process.env),
    open: async (url, ballot, leaseMs) => (await import("./s3/s3-store.ts")).s3Store(url, ballot, leaseMs),
  },
  {
    schemes: ["file:"],
    name: (url) => `file ${fileURLToPath(url)}`,
    open: async (url, ballot) => (await import("./file/file-store.ts")).fileStore(url, ballot),
  },
];

/** Schemes of an election's address. */
export const ELECTION_SCHEMES: readonly string[] = BACK_ENDS.flatMap(({ schemes }) => schemes);

/** What an address names, without user and password. */
export function electionName(url: string): string {
  return backEndOf(url).name(url);
}

/** The back end that an address names; its code is loaded only now. */
export function openStore(url: string, ballot: Ballot, leaseMs: number): Promise<ElectionStore> {
  return backEndOf(url).open(url, ballot, leaseMs);
}

function backEndOf(url: string): BackEnd {
  const scheme = schemeOf(url);
  const found = BACK_ENDS.find(({ schemes }) => schemes.includes(scheme));
  if (found === undefined) throw new Error(`no back end for ${scheme}`);
  return found;
}
