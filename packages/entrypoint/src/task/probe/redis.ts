import type { Socket } from "node:net";

import { openSocket } from "./socket.ts";

/** Longest line of an answer that is looked at. */
const LONGEST = 4_096;

/**
 * Logs in where the address has a password, and asks PING; a Redis that still loads its data answers with an error.
 * Source: https://redis.io/docs/latest/develop/reference/protocol-spec/
 */
export async function askRedis(url: string, signal: AbortSignal): Promise<void> {
  const { protocol, username, password } = new URL(url);
  const socket = await openSocket(url, signal, { port: 6379, tls: protocol === "rediss:" });
  const ask = conversation(socket);
  try {
    if (password !== "") {
      const user = username === "" ? [] : [decodeURIComponent(username)];
      await ask(["AUTH", ...user, decodeURIComponent(password)]);
    }
    const answer = await ask(["PING"]);
    if (answer !== "+PONG")
      throw new Error(`answered PING with ${JSON.stringify(answer.slice(0, 80))}, not as Redis does`);
  } finally {
    socket.destroy();
  }
}

/** Sends commands and reads the one line that answers each; rejects with the server's words when it is an error. */
function conversation(socket: Socket): (words: readonly string[]) => Promise<string> {
  const chunks: AsyncIterator<string> = socket.setEncoding("latin1").iterator({ destroyOnReturn: false });
  let received = "";
  return async (words) => {
    socket.write(`*${String(words.length)}\r\n${words.map(bulk).join("")}`, "utf8");
    while (!received.includes("\r\n")) {
      if (received.length >= LONGEST) throw new Error("answered with something else than Redis does");
      const { done, value } = await chunks.next();
      if (done === true) throw new Error("the connection was closed");
      received += value;
    }
    const line = received.slice(0, received.indexOf("\r\n"));
    received = received.slice(line.length + 2);
    if (line.startsWith("-")) throw new Error(line.slice(1));
    return line;
  };
}

function bulk(word: string): string {
  return `$${String(Buffer.byteLength(word))}\r\n${word}\r\n`;
}
