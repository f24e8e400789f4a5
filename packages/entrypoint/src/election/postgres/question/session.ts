import { connect, isIP } from "node:net";

import type { Located } from "../../../process/slow-names.ts";
import type { DatabaseAddress } from "../address.ts";
import type { Channel } from "../tls.ts";
import { isAdmission, openLogIn, type Crypto } from "./log-in.ts";
import { firstColumn, message, SSL_REQUEST, startup } from "./messages.ts";
import { openWire, type Wire } from "./wire.ts";

/** Where and as whom a question is asked. */
export interface Asked extends DatabaseAddress, Located {
  readonly user: string;
  readonly password: string;
}

/** A connection that one question is asked by. */
export interface Session {
  /** Resolves when the server takes questions. */
  logIn(): Promise<void>;
  /** The first column of a statement's rows. */
  ask(statement: string): Promise<readonly string[]>;
  /** Says that it is over, and waits for nothing. */
  leave(): void;
}

/** Begins to connect. `plainToo`: a server without TLS is gone on with, as libpq does under `prefer`. */
export function openSession(asked: Asked, channel: Channel, plainToo: boolean): Session {
  const { host, port } = asked;
  const socket = host.startsWith("/") ? connect(`${host}/.s.PGSQL.${String(port)}`) : connect(port, host);
  socket.setNoDelay(true);
  let wire = openWire(socket);
  let isIn = false;
  return {
    logIn: async () => {
      if (channel !== false) wire = await secure(wire, asked, { channel, plainToo });
      await introduce(wire, asked);
      isIn = true;
    },
    ask: async (statement) => {
      wire.stream.write(message("Q", `${statement}\0`));
      const rows: string[] = [];
      for (let answer = await wire.next(); answer.type !== "Z"; answer = await wire.next()) {
        if (answer.type === "D") rows.push(firstColumn(answer));
      }
      return rows;
    },
    leave: () => {
      // Before, a server would take it for a part of TLS or of the log-in, and log an error.
      if (isIn && wire.stream.writable) wire.stream.write(message("X"));
      socket.destroy();
    },
  };
}

/** What a log-in and TLS need. It takes a few milliseconds, so it is loaded while the server forks. */
const loadCrypto = async (): Promise<Crypto> => import("node:crypto");

async function introduce(wire: Wire, { user, password, database, options }: Asked): Promise<void> {
  const names = {
    user,
    database: database ?? process.env["PGDATABASE"] ?? user,
    application_name: "slipway entrypoint",
  };
  await wire.send(startup({ ...names, client_encoding: "UTF8", options: options ?? process.env["PGOPTIONS"] }));
  const answer = openLogIn(await loadCrypto(), user, password);
  let isAdmitted = false;
  for (let said = await wire.next(); said.type !== "Z"; said = await wire.next()) {
    if (said.type !== "R") continue;
    const reply = answer(said);
    if (reply !== undefined) wire.stream.write(reply);
    isAdmitted = isAdmission(said);
  }
  if (!isAdmitted) throw new Error("the server takes questions before the log-in is done");
}

interface Securing {
  readonly channel: Exclude<Channel, false>;
  readonly plainToo: boolean;
}

async function secure(wire: Wire, { host, name, direct }: Asked, { channel, plainToo }: Securing): Promise<Wire> {
  if (!direct) {
    await wire.send(SSL_REQUEST);
    await loadCrypto();
    const reply = (await wire.take(1)).toString("latin1");
    if (reply === "N" && plainToo) return wire;
    if (reply === "N") throw new Error("The server does not support SSL connections");
    if (reply !== "S") throw new Error("There was an error establishing an SSL connection");
  }
  const tls = await import("node:tls");
  const server = { ...(isIP(name) === 0 && { servername: name }), ...(direct && { ALPNProtocols: ["postgresql"] }) };
  return openWire(tls.connect({ socket: wire.release(), host, ...channel, ...server }));
}
