import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { POSTGRES_SCHEMES, postgresAddress, schemeOf } from "../election/postgres/address.ts";

/** Asks once whether something is there. Rejects with the reason when it is not. */
export type Probe = (signal: AbortSignal) => Promise<void>;

/** How long one TCP or HTTP try may take. */
const TRY_MS = 5_000;

interface ProbeRow {
  readonly schemes: readonly string[];
  /** What is ready, without user and password. */
  readonly address: (url: string) => string;
  readonly probe: (url: string) => Probe;
}

/** What can be waited for, by the scheme of its address. */
const PROBES: readonly ProbeRow[] = [
  { schemes: POSTGRES_SCHEMES, address: (url) => `PostgreSQL ${postgresAddress(url)}`, probe: postgres },
  { schemes: ["tcp:"], address: (url) => `tcp ${new URL(url).host}`, probe: tcp },
  { schemes: ["http:", "https:"], address: httpAddress, probe: http },
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

function postgres(url: string): Probe {
  return async (signal) => {
    const { answer, closeConnection } = await import("../election/postgres/answer.ts");
    const { openConnection } = await import("../election/postgres/connection.ts");
    const client = await openConnection(url, signal);
    try {
      await answer(client, () => client.query("select 1"), { signal });
    } finally {
      await closeConnection(client);
    }
  };
}

function tcp(url: string): Probe {
  const { hostname, port } = new URL(url);
  return async (signal) => {
    const { connect } = await import("node:net");
    const { reasonOf } = await import("../election/postgres/connection.ts");
    await new Promise<void>((resolve, reject) => {
      const socket = connect({ host: hostname.replace(/^\[|\]$/g, ""), port: Number(port), signal, timeout: TRY_MS });
      socket.once("connect", () => resolve());
      socket.once("timeout", () => reject(new Error(`no answer in ${String(TRY_MS / 1000)} s`)));
      socket.once("error", (error) => reject(new Error(reasonOf(error))));
      socket.once("connect", () => socket.destroy());
      socket.once("timeout", () => socket.destroy());
    });
  };
}

function httpAddress(url: string): string {
  const { protocol, host, pathname } = new URL(url);
  // What stands before an @ may be a password that was not encoded.
  return `${protocol}//${host}${pathname.includes("@") ? "/…" : pathname}`;
}

function http(url: string): Probe {
  return async (signal) => {
    const { request } = url.startsWith("https:") ? await import("node:https") : await import("node:http");
    const { reasonOf } = await import("../election/postgres/connection.ts");
    await new Promise<void>((resolve, reject) => {
      const asked = request(url, { signal, timeout: TRY_MS, agent: false }, (response) => {
        const { statusCode = 0 } = response;
        response.destroy();
        if (statusCode >= 200 && statusCode < 300) resolve();
        else reject(new Error(`answered ${String(statusCode)}, expected 200 to 299`));
      });
      asked.once("timeout", () => asked.destroy(new Error(`no answer in ${String(TRY_MS / 1000)} s`)));
      asked.once("error", (error) => reject(new Error(reasonOf(error))));
      asked.end();
    });
  };
}

function file(url: string): Probe {
  return async () => {
    if (!existsSync(fileURLToPath(url))) throw new Error("no such file");
  };
}
