import { lookup, type LookupAddress } from "node:dns";
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import { connect, isIP, type AddressInfo, type LookupFunction, type Socket } from "node:net";
import { pipeline, type Duplex } from "node:stream";
import { promisify } from "node:util";

import { lookup as mediaTypeOf } from "mime-types";

import { Refusal } from "../refusal.ts";
import { targetOf, type Target } from "./host-rules.ts";
import { forwardedHeaders } from "./hop-headers.ts";
import { decide, mayLookUp, type Decision, type EgressRules } from "./policy.ts";

/** The host that uploaded files are served from. It is no name of DNS, and only the job's own browser context gets there. */
export const DOCUMENT_HOST = "document.invalid";

/** The header that marks an answer as this proxy's refusal. */
export const REFUSED_HEADER = "slipway-refused";

/** What a job's page may reach. */
export interface JobNetwork {
  readonly rules: EgressRules;
  readonly files: ReadonlyMap<string, Buffer>;
  readonly fetchBytes: number;
}

/** The only way out of the browser for one job. */
export interface JobProxy extends AsyncDisposable {
  readonly url: string;
  /** Why requests were refused, in order. */
  readonly refusals: readonly string[];
  /** Aborted, with a {@link Refusal}, when the page has fetched too much. */
  readonly signal: AbortSignal;
}

/**
 * Starts a forward proxy on a loopback port of its own. It serves the job's files, resolves every other name itself, checks
 * the addresses, and connects to what it has checked: a name that points elsewhere a moment later changes nothing. With it
 * end all connections of the job.
 */
export async function startJobProxy(network: JobNetwork): Promise<JobProxy> {
  const job = new Job(network);
  const server = createServer(
    (request, response) => void job.forward(request, response).catch(() => response.destroy()),
  );
  server.on("connect", (request, socket, head) => void job.tunnel(request, socket, head).catch(() => socket.destroy()));
  server.on("upgrade", (_request, socket) => void socket.destroy());
  server.on("connection", (socket) => job.hold(socket));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host: "127.0.0.1", port: 0 }, resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    refusals: job.refusals,
    signal: job.signal,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        job.end();
      }),
  };
}

class Job {
  readonly refusals: string[] = [];
  readonly #network: JobNetwork;
  readonly #sockets = new Set<Duplex>();
  readonly #control = new AbortController();
  #fetched = 0;

  constructor(network: JobNetwork) {
    this.#network = network;
  }

  get signal(): AbortSignal {
    return this.#control.signal;
  }

  /** Keeps a connection to be ended with the job. */
  hold(socket: Duplex): void {
    this.#sockets.add(socket);
    socket.on("error", () => undefined);
    socket.once("close", () => this.#sockets.delete(socket));
  }

  end(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** A request in absolute form: `GET http://host/path`. */
  async forward(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const target = targetOf(request.url ?? "");
    if (target?.host === DOCUMENT_HOST && target.port === 80) return this.#serveFile(request, response);
    const decision = await this.#decideOn(target, request.url ?? "");
    if (decision.kind === "refuse" || target === undefined) return this.#refuse(response);
    const url = new URL(request.url ?? "");
    // what the other side makes impossible to pass on ends the connection, and nothing else
    const giveUp = (): void => void response.destroy();
    const outward = httpRequest({
      host: target.host,
      port: target.port,
      lookup: pinned(decision.addresses),
      agent: false,
      setHost: false,
      method: request.method,
      path: url.pathname + url.search,
      headers: forwardedHeaders(request.rawHeaders),
    });
    outward.on("socket", (socket) => this.hold(socket));
    outward.on("error", giveUp);
    outward.on("response", (answer) => {
      answer.on("data", (chunk: Buffer) => this.#count(chunk));
      try {
        response.writeHead(answer.statusCode ?? 502, forwardedHeaders(answer.rawHeaders));
      } catch {
        giveUp();
      }
      pipeline(answer, response, () => undefined);
    });
    pipeline(request, outward, () => undefined);
  }

  /** `CONNECT host:port`: TLS and WebSockets. */
  async tunnel(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    this.hold(socket);
    const target = targetOf(`http://${request.url ?? ""}`);
    const decision = await this.#decideOn(target, request.url ?? "");
    if (decision.kind === "refuse" || target === undefined) {
      socket.end("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
      return;
    }
    const outward: Socket = connect({ host: target.host, port: target.port, lookup: pinned(decision.addresses) });
    this.hold(outward);
    outward.on("data", (chunk: Buffer) => this.#count(chunk));
    outward.once("error", () => socket.destroy());
    outward.once("connect", () => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      outward.write(head);
      pipeline(socket, outward, socket, () => undefined);
    });
  }

  #serveFile(request: IncomingMessage, response: ServerResponse): void {
    const file = this.#network.files.get(fileName(request.url ?? ""));
    if (file === undefined || (request.method !== "GET" && request.method !== "HEAD")) {
      response.writeHead(file === undefined ? 404 : 405).end();
      return;
    }
    // no charset: the page itself says what it is written in
    const type = mediaTypeOf(fileName(request.url ?? "")) || "application/octet-stream";
    response.writeHead(200, {
      "content-type": type,
      "content-length": file.length,
      "access-control-allow-origin": "*",
    });
    response.end(request.method === "HEAD" ? undefined : file);
  }

  #refuse(response: ServerResponse): void {
    response.writeHead(403, { [REFUSED_HEADER]: "1", "content-length": 0 }).end();
  }

  async #decideOn(target: Target | undefined, url: string): Promise<Decision> {
    const { rules } = this.#network;
    const decision: Decision =
      target === undefined
        ? { kind: "refuse", reason: `${JSON.stringify(url.slice(0, 60))} is no http or https address` }
        : decide(rules, target, mayLookUp(rules, target) ? await addressesOf(target.host) : []);
    if (decision.kind === "refuse") this.refusals.push(decision.reason);
    return decision;
  }

  #count({ length }: Buffer): void {
    this.#fetched += length;
    if (this.#fetched <= this.#network.fetchBytes || this.signal.aborted) return;
    const limit = `${this.#network.fetchBytes / 1e6} MB`;
    this.#control.abort(new Refusal("PDF_FETCHED_TOO_MUCH", `the page fetched more than ${limit}`));
    this.end();
  }
}

function fileName(url: string): string {
  try {
    return decodeURIComponent(new URL(url).pathname.slice(1)).normalize("NFC");
  } catch {
    return "";
  }
}

/** The addresses a name has now; none when it has none. /etc/hosts counts: that is where Service Connect puts its names. */
async function addressesOf(host: string): Promise<readonly LookupAddress[]> {
  const version = isIP(host);
  if (version !== 0) return [{ address: host, family: version }];
  return promisify(lookup)(host, { all: true, order: "verbatim" }).catch(() => []);
}

/** A look-up that knows the checked addresses only. */
function pinned(addresses: readonly LookupAddress[]): LookupFunction {
  return (_host, options, done) => {
    const [first = { address: "", family: 4 }] = addresses;
    if (options.all === true) done(null, [...addresses]);
    else done(null, first.address, first.family);
  };
}
