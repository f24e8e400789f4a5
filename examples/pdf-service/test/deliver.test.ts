import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { deliver } from "../src/http/deliver.ts";

const STOP = new Error("stop");

/** More than the system keeps for a client that does not read. */
const PDF = Buffer.alloc(64e6, "x");

describe("the delivery of a PDF to a client that does not read", () => {
  const server = createServer();
  let client: Socket;
  let control: AbortController;
  let outcome: Promise<string>;

  beforeEach(async () => {
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    client = connect((server.address() as AddressInfo).port, "127.0.0.1").pause();
    client.on("error", () => undefined);
    client.write("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    const [, response] = (await once(server, "request")) as [unknown, ServerResponse];
    control = new AbortController();
    outcome = deliver(response, { pdf: PDF, disposition: "attachment" }, control.signal).then(
      () => "delivered",
      (error: unknown) => (error === STOP ? "stopped" : "cut"),
    );
  });

  afterEach(async () => {
    client.destroy();
    server.close();
    server.closeAllConnections();
    await once(server, "close");
  });

  it("lasts until the client has read", async () => {
    // a short one to another client is through first
    expect(await Promise.race([outcome, short()])).toBe("short");
    let bytes = 0;
    client.on("data", (chunk) => (bytes += chunk.length)).resume();
    expect(await outcome).toBe("delivered");
    await once(client, "close");
    expect(bytes).toBeGreaterThan(PDF.length);
  });

  it("ends with its signal, and the connection with it", async () => {
    control.abort(STOP);
    expect(await outcome).toBe("stopped");
    client.resume();
    await once(client, "close");
  });

  it("ends when the client goes away", async () => {
    client.destroy();
    expect(await outcome).toBe("cut");
  });

  async function short(): Promise<string> {
    const other = connect((server.address() as AddressInfo).port, "127.0.0.1");
    other.end("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    const [, response] = (await once(server, "request")) as [unknown, ServerResponse];
    await deliver(response, { pdf: Buffer.from("x"), disposition: "attachment" }, new AbortController().signal);
    other.destroy();
    return "short";
  }
});
