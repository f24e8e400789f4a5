import { connect as connectPlain, isIP, type Socket } from "node:net";
import { connect as connectSecurely, type TLSSocket } from "node:tls";

import type { S3Patience } from "../attempts.ts";
import { AnswerReader, type HttpAnswer } from "./answer-reader.ts";
import { limitConnecting, timedOut } from "./limit-connecting.ts";

/** Whom to connect to. */
export interface Peer {
  readonly secure: boolean;
  readonly hostname: string;
  readonly port: number | undefined;
}

/** How long to wait, in milliseconds. */
export type ConnectionPatience = Pick<S3Patience, "connecting" | "silence">;

/** A request as it goes over the line. */
export interface Message {
  /** With the empty line at its end. */
  readonly head: string;
  readonly body: Buffer;
}

/** A TLS session that the next connections go on with. */
export interface SessionKeeper {
  session: Buffer | undefined;
}

/** Bytes given to a connection at a time: its idle timer sees each piece go, and of one large write only the end. */
const PIECE = 64 * 1024;

/** As Node's own clients ask of a connection that is to stay. */
const STAYING = { noDelay: true, keepAlive: true, keepAliveInitialDelay: 1_000 } as const;

interface Exchange {
  readonly reader: AnswerReader;
  /** Bytes of the body that have not been given to the connection. */
  left: number;
  readonly done: (answer: HttpAnswer) => void;
  readonly failed: (error: unknown) => void;
}

/** One connection on which one message after the other is answered. */
export class Connection {
  readonly #socket: Socket;
  #exchange: Exchange | undefined;

  constructor(peer: Peer, patience: ConnectionPatience, keeper: SessionKeeper) {
    this.#socket = open(peer, keeper);
    this.#socket.setTimeout(patience.silence);
    this.#socket
      .on("data", (bytes: Buffer) => this.#take(bytes))
      .on("timeout", () => this.end(timedOut(`nothing moved for ${patience.silence} ms`)))
      .on("end", () => this.#ended())
      .on("error", (error) => this.#fail(error))
      .on("close", () => this.#ended());
    limitConnecting(this.#socket, patience.connecting, peer.secure);
  }

  /** Whether it can be used for another message. */
  get usable(): boolean {
    return !this.#socket.destroyed && this.#exchange === undefined;
  }

  /** Called once, when the connection is gone. */
  onGone(gone: () => void): void {
    this.#socket.once("close", gone);
  }

  /** Sends a message and resolves to its answer; rejects with what broke the connection, which is gone then. */
  exchange({ head, body }: Message): Promise<HttpAnswer> {
    this.#socket.ref();
    return new Promise((done, failed) => {
      const exchange: Exchange = { reader: new AnswerReader(), left: body.length, done, failed };
      this.#exchange = exchange;
      this.#socket.cork();
      this.#socket.write(head, "latin1");
      this.#giveNext(exchange, body);
      this.#socket.uncork();
    });
  }

  /** Breaks the connection, and with it what is under way. */
  end(reason: Error): void {
    this.#fail(reason);
  }

  /** Lets the process end although this connection is there. */
  rest(): void {
    this.#socket.unref();
  }

  #giveNext(exchange: Exchange, body: Buffer): void {
    if (exchange !== this.#exchange || exchange.left === 0) return;
    const at = body.length - exchange.left;
    const piece = body.subarray(at, at + PIECE);
    exchange.left -= piece.length;
    this.#socket.write(piece, exchange.left === 0 ? undefined : () => this.#giveNext(exchange, body));
  }

  #take(bytes: Buffer): void {
    if (this.#exchange === undefined) return this.end(new Error("an answer came that was not asked for"));
    try {
      this.#finish(this.#exchange.reader.take(bytes));
    } catch (error) {
      this.#fail(error);
    }
  }

  #ended(): void {
    this.#finish(this.#exchange?.reader.end());
    this.#fail(broken("the connection was closed before the answer's end"));
  }

  #finish(answer: HttpAnswer | undefined): void {
    const exchange = this.#exchange;
    if (exchange === undefined || answer === undefined) return;
    // Nobody can have stored what has not been sent to its end; a refusal may come at any time.
    if (answer.status < 300 && exchange.left > 0) return this.#fail(broken("success was answered to half a message"));
    this.#exchange = undefined;
    // What is answered before it has been sent leaves a connection on which nobody knows what is expected.
    if (!answer.reusable || exchange.left > 0 || this.#socket.writableLength > 0) this.#socket.destroy();
    exchange.done(answer);
  }

  #fail(error: unknown): void {
    const exchange = this.#exchange;
    this.#exchange = undefined;
    this.#socket.destroy();
    exchange?.failed(error);
  }
}

function open({ secure, hostname, port }: Peer, keeper: SessionKeeper): Socket {
  if (!secure) return connectPlain({ ...STAYING, host: hostname, port: port ?? 80 });
  const { session } = keeper;
  const socket: TLSSocket = connectSecurely({
    ...STAYING,
    host: hostname,
    port: port ?? 443,
    ALPNProtocols: ["http/1.1"],
    ...(isIP(hostname) === 0 ? { servername: hostname } : {}),
    ...(session === undefined ? {} : { session }),
  });
  // What breaks a connection may be its session.
  return socket
    .on("session", (kept: Buffer) => (keeper.session = kept))
    .on("error", () => (keeper.session = undefined));
}

function broken(reason: string): Error {
  return Object.assign(new Error(reason), { code: "ECONNRESET" });
}
