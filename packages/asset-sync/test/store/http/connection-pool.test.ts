import { once } from "node:events";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";

import { runSync, until } from "@slipway/testkit";
import { afterEach, describe, expect, it } from "vitest";

import { ConnectionPool } from "../../../src/store/http/connection-pool.ts";
import { trustedCertificate } from "../trusted-certificate.ts";

const MESSAGE = { head: "PUT /a HTTP/1.1\r\ncontent-length: 4\r\n\r\n", body: Buffer.from("body") };
const STORED = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
const LAST = "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";
const PATIENCE = { connecting: 10_000, silence: 30_000 };

/** What a server does with the n-th message of a connection. */
type Answering = (socket: Socket, message: number) => void;

const opened: AsyncDisposable[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one[Symbol.asyncDispose]();
});

/** A server that takes messages of the one length, and a pool of connections to it. */
async function world(answering: Answering, patience = PATIENCE) {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket.on("error", () => undefined));
    let [bytes, messages] = [0, 0];
    socket.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      for (; bytes >= length; bytes -= length) answering(socket, (messages += 1));
    });
  });
  const length = MESSAGE.head.length + MESSAGE.body.length;
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  const pool = new ConnectionPool({ secure: false, hostname: "127.0.0.1", port }, patience);
  opened.push({
    [Symbol.asyncDispose]: async () => {
      pool.close();
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  });
  return { pool, sockets, port };
}

const store: Answering = (socket) => void socket.write(STORED);

describe("a pool of connections", () => {
  it("uses one for what comes one after the other, and as many as are needed at once", async () => {
    const { pool, sockets } = await world(store);
    for (let sent = 0; sent < 20; sent += 1) await pool.exchange(MESSAGE);
    expect(sockets.length).toBe(1);
    await Promise.all(Array.from({ length: 10 }, () => pool.exchange(MESSAGE)));
    await Promise.all(Array.from({ length: 10 }, () => pool.exchange(MESSAGE)));
    expect(sockets.length).toBe(10);
  });

  it.each([
    ["says that it closes", LAST],
    ["keeps what rests for a second", "HTTP/1.1 200 OK\r\nkeep-alive: timeout=1, max=9\r\ncontent-length: 0\r\n\r\n"],
    ["says more than it was asked", `${STORED}${STORED}`],
  ])("uses no connection again of a server that %s", async (_, answer) => {
    const { pool, sockets } = await world((socket) => socket.write(answer));
    for (let sent = 1; sent <= 3; sent += 1) {
      expect((await pool.exchange(MESSAGE)).status).toBe(200);
      expect(sockets.length).toBe(sent);
    }
  });

  it("uses no connection that its server has closed, or has spoken on without being asked", async () => {
    const { pool, sockets } = await world(store);
    for (const leave of [(socket: Socket) => socket.end(), (socket: Socket) => socket.write("?")]) {
      await pool.exchange(MESSAGE);
      const last = sockets.at(-1);
      if (last !== undefined) leave(last);
      await until("the connection is closed", () => last?.closed === true);
    }
    expect((await pool.exchange(MESSAGE)).status).toBe(200);
    expect(sockets.length).toBe(3);
  });

  it("breaks with the code of a connection that is closed before the answer's end", async () => {
    const { pool } = await world((socket) => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n"));
    await expect(pool.exchange(MESSAGE)).rejects.toMatchObject({ code: "ECONNRESET" });
  });

  it("takes the answer that comes before all has been sent, and uses the connection no more", async () => {
    const { pool, sockets } = await world((socket, message) => {
      if (message === 1) socket.pause().write("HTTP/1.1 413 Too Large\r\ncontent-length: 4\r\n\r\nmuch");
    });
    const large = { head: MESSAGE.head, body: Buffer.alloc(64 * 2 ** 20) };
    expect(await pool.exchange(large)).toMatchObject({ status: 413, body: "much" });
    sockets[0]?.resume();
    await until("the connection is closed", () => sockets[0]?.closed === true);
  });

  it("believes no success of a body that has not been sent to its end", async () => {
    const { pool, sockets } = await world((socket, message) => message === 1 && socket.pause().write(STORED));
    const large = { head: MESSAGE.head, body: Buffer.alloc(64 * 2 ** 20) };
    await expect(pool.exchange(large)).rejects.toMatchObject({ code: "ECONNRESET" });
    sockets[0]?.resume();
    await until("the connection is closed", () => sockets[0]?.closed === true);
  });

  it("ends what is under way with its signal, and leaves the rest alone", async () => {
    const { pool, sockets } = await world((socket, message) => message > 1 && store(socket, message));
    const stop = new AbortController();
    const silent = pool.exchange(MESSAGE, stop.signal);
    await until("it is under way", () => sockets.length === 1);
    stop.abort();
    await expect(silent).rejects.toMatchObject({ name: "AbortError" });
    await expect(pool.exchange(MESSAGE, stop.signal)).rejects.toMatchObject({ name: "AbortError" });
  });

  it("gives up what is silent, and a server that cannot be connected to", async () => {
    const { pool } = await world(() => undefined, { connecting: 10_000, silence: 50 });
    await expect(pool.exchange(MESSAGE)).rejects.toMatchObject({ name: "TimeoutError" });
    const nobody = new ConnectionPool({ secure: false, hostname: "127.0.0.1", port: 1 }, PATIENCE);
    await expect(nobody.exchange(MESSAGE)).rejects.toMatchObject({ code: "ECONNREFUSED" });
  });

  it("ends with what was under way when it is closed", async () => {
    const { pool, sockets } = await world(() => undefined);
    const silent = pool.exchange(MESSAGE);
    await until("it is under way", () => sockets.length === 1);
    pool.close();
    await expect(silent).rejects.toThrow("the store was closed");
  });

  it("keeps no process from ending that has not closed it", async () => {
    const code = `
      import { createServer } from "node:net";
      import { ConnectionPool } from ${JSON.stringify(import.meta.resolve("../../../src/store/http/connection-pool.ts"))};
      const server = createServer((socket) => { socket.unref(); socket.on("data", () => socket.write(${JSON.stringify(STORED)})); });
      server.listen(0, "127.0.0.1", async () => {
        server.unref();
        const pool = new ConnectionPool({ secure: false, hostname: "127.0.0.1", port: server.address().port }, ${JSON.stringify(PATIENCE)});
        const message = { head: ${JSON.stringify(MESSAGE.head)}, body: Buffer.from("body") };
        for (let sent = 0; sent < 2; sent += 1) console.log((await pool.exchange(message)).status);
      });`;
    const words = ["--conditions=source", "--input-type=module-typescript", "--eval", code];
    expect(runSync(process.execPath, words, { limitMs: 20_000 })).toEqual({
      status: 0,
      stdout: "200\n200\n",
      stderr: "",
    });
  });
});

describe("a pool of connections by TLS", () => {
  it("trusts whom Node trusts, for the host that is asked only, and goes on with the session of before", async () => {
    using certificate = await trustedCertificate();
    const resumed: boolean[] = [];
    const server = createTlsServer(certificate, (socket) => {
      socket
        .on("error", () => undefined)
        .on("data", () => {
          resumed.push(socket.isSessionReused());
          socket.end(LAST);
        });
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    const { port } = server.address() as AddressInfo;
    const pool = new ConnectionPool({ secure: true, hostname: "127.0.0.1", port }, PATIENCE);
    for (let sent = 0; sent < 2; sent += 1) expect((await pool.exchange(MESSAGE)).status).toBe(200);
    expect(resumed).toEqual([false, true]);
    const other = new ConnectionPool({ secure: true, hostname: "localhost", port }, PATIENCE);
    await expect(other.exchange(MESSAGE)).rejects.toMatchObject({ code: "ERR_TLS_CERT_ALTNAME_INVALID" });
    for (const one of [pool, other]) one.close();
    server.close();
    await once(server, "close");
  });
});
