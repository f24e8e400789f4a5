import type { Peer } from "./programs.ts";

/** What `bench boot` starts beside Node and Docker, by name: inits to compare with, and the databases' clients. */
export const BOOT_PEERS = {
  tini: { program: "tini", debian: "tini", version: ["--version"] },
  "dumb-init": { program: "dumb-init", debian: "dumb-init", version: ["--version"] },
  psql: { program: "psql", debian: "postgresql-client" },
  mysql: { program: "mysql", debian: "default-mysql-client" },
} as const satisfies Readonly<Record<string, Peer>>;

export type BootPeer = keyof typeof BOOT_PEERS;
