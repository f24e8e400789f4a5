import { createHmac, pbkdf2Sync, randomBytes } from "node:crypto";
import { createServer, type AddressInfo, type Socket } from "node:net";

import { int32, message, SSL_REQUEST } from "../election/postgres/question/messages.ts";

/** Stands in for a PostgreSQL server in which one migration has run. */
export interface RehearsalServer extends AsyncDisposable {
  readonly url: string;
}

/** It guards nothing: the server is this process' own, and gone before the process is. */
const PASSWORD = "rehearsal";

/** A message's type and its length. */
const HEAD = 5;

/**
 * Listens on a free port of the loopback. It has no TLS, asks for a SCRAM log-in, and gives every question the same answer.
 * Source: https://www.postgresql.org/docs/current/protocol-message-formats.html
 */
export async function openRehearsalServer(version: string): Promise<RehearsalServer> {
  const server = createServer((socket) => serve(socket, version));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `postgres://rehearsal:${PASSWORD}@127.0.0.1:${String(port)}/rehearsal`,
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function serve(socket: Socket, version: string): void {
  // The client hangs up without waiting.
  socket.on("error", () => undefined);
  const scram = scramServer();
  // The client waits for each answer, and what it sends is small: every chunk is one message.
  socket.on("data", (chunk) => {
    if (chunk.equals(SSL_REQUEST)) socket.write("N");
    else if (chunk[0] === 0) socket.write(message("R", int32(10), "SCRAM-SHA-256\0\0"));
    else if (chunk.toString("latin1", 0, 1) === "p") socket.write(scram(chunk.toString("latin1", HEAD)));
    else if (chunk.toString("latin1", 0, 1) === "Q") socket.write(rowOf(version));
  });
}

/** Answers the client's first and then its final message. */
function scramServer(): (text: string) => Buffer {
  let bare = "";
  let first = "";
  const salt = randomBytes(16);
  return (text) => {
    if (first === "") {
      bare = text.slice(text.indexOf("n=*"));
      first = `r=${bare.slice("n=*,r=".length)}own,s=${salt.toString("base64")},i=4096`;
      return message("R", int32(11), first);
    }
    const key = hmac(pbkdf2Sync(PASSWORD, salt, 4096, 32, "sha256"), "Server Key");
    const signature = hmac(key, [bare, first, text.slice(0, text.lastIndexOf(",p="))].join(","));
    return Buffer.concat([message("R", int32(12), `v=${signature.toString("base64")}`), message("R", int32(0)), READY]);
  };
}

function rowOf(version: string): Buffer {
  const type = [int16(0), int32(25), int16(-1), int32(-1), int16(0)];
  return Buffer.concat([
    message("T", int16(1), "version\0", int32(0), ...type),
    message("D", int16(1), int32(version.length), version),
    message("C", "SELECT 1\0"),
    READY,
  ]);
}

const READY = message("Z", "I");

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}
