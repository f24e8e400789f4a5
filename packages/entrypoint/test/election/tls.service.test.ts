import { readFileSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { TLSSocket } from "node:tls";

import { lookUpServices, outputOf, serviceVariable, tempTree, type TempTree } from "@slipway/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { closeConnection } from "../../src/election/postgres/answer.ts";
import { openConnection } from "../../src/election/postgres/connection.ts";
import { askOnce } from "../../src/election/postgres/question/question.ts";

const services = lookUpServices("postgres");

let files: TempTree;
let server: Server;
let socketServer: Server;
let port: number;
let secured = 0;
let bySocket = 0;
const sockets = new Set<Socket>();

/** Relays to the real server; with a certificate it speaks TLS, as PostgreSQL does after the client's request. */
function relay(certificate: { readonly key: Buffer; readonly cert: Buffer } | undefined): Server {
  const { hostname, port: behind } = new URL(serviceVariable("TEST_DATABASE_URL"));
  const pass = (client: Socket): void => {
    const upstream = connect({ host: hostname, port: Number(behind) });
    for (const socket of [client, upstream]) sockets.add(socket.on("error", () => undefined));
    client.pipe(upstream).pipe(client);
  };
  return createServer((client) => {
    if (certificate === undefined) return pass(client);
    return client.once("data", () => {
      client.write("S");
      secured += 1;
      pass(new TLSSocket(client, { isServer: true, ...certificate }));
    });
  });
}

beforeAll(async () => {
  if (!services.available) return;
  files = await tempTree();
  const [key, cert] = ["key.pem", "cert.pem"].map((name) => join(files.path, name));
  const made = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=another.test"];
  outputOf("openssl", [...made, "-keyout", key ?? "", "-out", cert ?? ""]);
  server = relay({ key: readFileSync(key ?? ""), cert: readFileSync(cert ?? "") });
  socketServer = relay(undefined).on("connection", () => (bySocket += 1));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  await new Promise<void>((resolve) => socketServer.listen(join(files.path, ".s.PGSQL.5499"), resolve));
  const address = server.address();
  port = typeof address === "object" && address !== null ? address.port : 0;
});
afterAll(async () => {
  if (!services.available) return;
  for (const socket of sockets) socket.destroy();
  server.close();
  socketServer.close();
  await files[Symbol.asyncDispose]();
});

/** The ways to connect: for a session, and for a question. */
const WAYS: readonly (readonly [string, (url: string) => Promise<unknown>])[] = [
  ["a session", async (url) => closeConnection(await openConnection(url, AbortSignal.timeout(60_000)))],
  ["a question", async (url) => askOnce(url, "select 1", AbortSignal.timeout(60_000))],
];

const byTls = (url: URL): void => void (url.port = String(port));

describe.skipIf(!services.available).each(WAYS)("TLS for %s, as libpq does it", (_, connectBy) => {
  /** Connects; resolves to whether that was by TLS. */
  async function connectTo(query: string, to: (url: URL) => void = () => undefined): Promise<boolean> {
    const url = new URL(serviceVariable("TEST_DATABASE_URL"));
    url.search = query;
    to(url);
    const before = secured;
    await connectBy(url.href);
    return secured > before;
  }

  it.each(["", "sslmode=disable", "sslmode=allow", "sslmode=prefer", "ssl=0"])(
    "'%s' connects plainly to a server without TLS",
    async (query) => {
      expect(await connectTo(query)).toBe(false);
    },
  );

  it.each(["sslmode=require", "sslmode=verify-ca", "sslmode=verify-full", "ssl=true"])(
    "'%s' refuses a server without TLS",
    async (query) => {
      await expect(connectTo(query)).rejects.toThrow("does not support SSL");
    },
  );

  it.each(["", "sslmode=prefer", "sslmode=require", "sslmode=no-verify", "ssl=true"])(
    "'%s' encrypts and does not look at the certificate",
    async (query) => {
      expect(await connectTo(query, byTls)).toBe(true);
    },
  );

  it.each(["sslmode=verify-ca", "sslmode=verify-full", "sslrootcert=system"])(
    "'%s' refuses a self-signed certificate",
    async (query) => {
      await expect(connectTo(query, byTls)).rejects.toThrow("self-signed certificate");
    },
  );

  it("holds the certificate against sslrootcert, and the name only with verify-full", async () => {
    const root = `sslrootcert=${join(files.path, "cert.pem")}`;
    expect(await connectTo(`sslmode=verify-ca&${root}`, byTls)).toBe(true);
    expect(await connectTo(`sslmode=require&${root}`, byTls)).toBe(true);
    await expect(connectTo(`sslmode=verify-full&${root}`, byTls)).rejects.toThrow("does not match certificate");
  });

  it.each([
    ["by TLS, to a server behind another's certificate", byTls],
    ["plainly", () => undefined],
  ])("logs in under channel_binding=require only where the server can bind it: %s", async (_how, to) => {
    await expect(connectTo("channel_binding=require", to)).rejects.toMatchObject({
      code: "ENTRYPOINT_DATABASE_LOGIN",
      message: expect.stringContaining("channel_binding is require, and the server binds no log-in") as unknown,
    });
  });

  it("names a certificate file that is not there", async () => {
    await expect(connectTo("sslrootcert=/none/root.pem")).rejects.toMatchObject({
      code: "ENTRYPOINT_DATABASE_TLS",
      message: "sslrootcert /none/root.pem: no such file",
    });
  });

  it("connects by a Unix socket in libpq's form", async () => {
    const { username, password, pathname } = new URL(serviceVariable("TEST_DATABASE_URL"));
    const url = `postgres://${username}:${password}@${pathname}?host=${files.path}&port=5499`;
    const before = bySocket;
    await connectBy(url);
    expect(bySocket).toBe(before + 1);
  });
});
