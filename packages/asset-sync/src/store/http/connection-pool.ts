import { endWith } from "../ended-requests.ts";
import type { HttpAnswer } from "./answer-reader.ts";
import { Connection, type ConnectionPatience, type Message, type Peer, type SessionKeeper } from "./connection.ts";

interface Resting {
  readonly connection: Connection;
  /** When the server may close it, by `performance.now()`. */
  readonly until: number;
}

/** What a server says of how long it keeps a connection that rests, less what a message needs to reach it. */
const ON_THE_WAY_MS = 1_000;

/** Connections to one server, kept between requests. As many are opened as messages are under way at once. */
export class ConnectionPool {
  readonly #peer: Peer;
  readonly #patience: ConnectionPatience;
  readonly #keeper: SessionKeeper = { session: undefined };
  readonly #all = new Set<Connection>();
  readonly #resting: Resting[] = [];

  constructor(peer: Peer, patience: ConnectionPatience) {
    this.#peer = peer;
    this.#patience = patience;
  }

  /**
   * Sends a message over a connection that rests, or over a new one.
   *
   * @throws what broke the connection; AbortError when the signal ended it
   */
  async exchange(message: Message, signal?: AbortSignal): Promise<HttpAnswer> {
    signal?.throwIfAborted();
    const connection = this.#take() ?? this.#open();
    const forget = signal === undefined ? undefined : endWith(signal, (reason) => connection.end(reason));
    try {
      const answer = await connection.exchange(message);
      this.#keep(connection, answer);
      return answer;
    } finally {
      forget?.();
    }
  }

  /** Breaks all connections. */
  close(): void {
    for (const connection of this.#all) connection.end(new Error("the store was closed"));
  }

  /** The one that was used last: a server closes those first that have rested for long. */
  #take(): Connection | undefined {
    for (let kept = this.#resting.pop(); kept !== undefined; kept = this.#resting.pop()) {
      if (kept.connection.usable && performance.now() < kept.until) return kept.connection;
      kept.connection.end(new Error("it has rested for too long"));
    }
    return undefined;
  }

  #open(): Connection {
    const connection = new Connection(this.#peer, this.#patience, this.#keeper);
    this.#all.add(connection);
    connection.onGone(() => this.#all.delete(connection));
    return connection;
  }

  #keep(connection: Connection, { headers }: HttpAnswer): void {
    if (!connection.usable) return;
    connection.rest();
    const [, seconds] = /timeout=(\d+)/.exec(headers["keep-alive"] ?? "") ?? [];
    const until = seconds === undefined ? Number.POSITIVE_INFINITY : Number(seconds) * 1_000 - ON_THE_WAY_MS;
    this.#resting.push({ connection, until: performance.now() + until });
  }
}
