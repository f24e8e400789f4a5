import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";

import { contentDisposition, outputName, traceOf } from "../form/names.ts";
import { Refusal, REFUSALS, type RefusalCode } from "../refusal.ts";
import { convert, type Source, type Workshop } from "./convert.ts";
import { deliver } from "./deliver.ts";
import { inTime } from "./in-time.ts";
import { metric, RequestMetrics } from "./metrics.ts";

/** A line of the log. */
export type LogEntry = Readonly<Record<string, string | number | undefined>>;

const FORMS: Readonly<Record<string, Source>> = {
  "/forms/chromium/convert/html": "html",
  "/forms/chromium/convert/url": "url",
};

/** How long what a client still sends is taken and thrown away, so that it gets to read the refusal. */
const LAST_BYTES_MS = 1000;

/** A server, and what it has taken. */
export interface PdfServer {
  readonly server: Server;
  /** Resolves when every form that has arrived by now is answered, to the last byte; the stop signal ends what is left. */
  readonly answered: () => Promise<void>;
  /** Ends its side of every connection; resolves when clients have ended theirs, as they do when they have read all. */
  readonly hangUp: () => Promise<void>;
}

/** A server of the forms, health and metrics; whoever asks it to listen closes it. */
export function pdfServer(workshop: Workshop, stop: AbortSignal, log: (entry: LogEntry) => void): PdfServer {
  const metrics = new RequestMetrics();
  const forms = new Set<Promise<void>>();
  // A body has a time of its own; with none for the whole request, Node would take none for its head either.
  const limits = { requestTimeout: 0, headersTimeout: workshop.config.timeoutMs, connectionsCheckingInterval: 1000 };
  const server = createServer(limits, (request, response) => {
    const path = URL.parse(request.url ?? "", "http://pdf")?.pathname ?? "";
    const source = FORMS[path];
    if (source === undefined) {
      answerRead(workshop, metrics, { path, request, response });
      return;
    }
    const form = answerForm({ workshop, metrics, stop, log }, { source, request, response });
    forms.add(form);
    void form.finally(() => forms.delete(form));
  });
  server.maxConnections = 1000;
  const connections = new Set<Socket>();
  server.on("connection", (socket) => {
    connections.add(socket);
    socket.once("close", () => connections.delete(socket));
  });
  return {
    server,
    answered: async () => void (await Promise.all(forms)),
    hangUp: async () => void (await Promise.all(Array.from(connections, ended))),
  };
}

function ended(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once("close", () => resolve()).end());
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

interface Surroundings {
  readonly workshop: Workshop;
  readonly metrics: RequestMetrics;
  readonly stop: AbortSignal;
  readonly log: (entry: LogEntry) => void;
}

async function answerForm(
  { workshop, metrics, stop, log }: Surroundings,
  { source, request, response }: Exchange & { readonly source: Source },
): Promise<void> {
  const started = performance.now();
  const { headers } = request;
  let trace: string | undefined;
  let code: RefusalCode | "OK" = "OK";
  let cause: unknown;
  const gone = new AbortController();
  response.once("close", () => {
    if (!response.writableFinished) gone.abort(new Refusal("PDF_STOPPING", "the client went away"));
  });
  const signal = AbortSignal.any([gone.signal, stop]);
  request.on("error", () => undefined);
  try {
    trace = traceOf(headerOf(headers["gotenberg-trace"]));
    response.setHeader("Gotenberg-Trace", trace);
    const name = outputName(headerOf(headers["gotenberg-output-filename"]));
    if (request.method !== "POST") throw new Refusal("PDF_METHOD_NOT_ALLOWED", `${request.method} on a form`);
    const pdf = await convert(workshop, { request, source }, signal);
    const disposition = contentDisposition(`${name}.pdf`);
    await inTime(workshop.config.timeoutMs, signal, (limit) => deliver(response, { pdf, disposition }, limit));
  } catch (error) {
    cause = error instanceof Refusal ? error.cause : error;
    const refusal =
      error instanceof Refusal ? error : new Refusal("PDF_UNEXPECTED", "the service failed", { cause: error });
    code = refusal.code;
    refuse({ request, response }, refusal, workshop.queue.retryAfterSeconds);
  }
  const ms = Math.round(performance.now() - started);
  metrics.add(code, ms / 1000);
  log({ trace, source, code, ms, ...(cause === undefined ? {} : { cause: causeText(cause, code) }) });
}

/** As Gotenberg answers errors: the status and plain text. */
function refuse({ request, response }: Exchange, { code, message }: Refusal, retryAfterSeconds: number): void {
  const { status, retry, remedy } = REFUSALS[code];
  if (response.destroyed || response.headersSent) return;
  const text = `${code}: ${message}\n${remedy}\n`;
  const unread = !request.complete;
  response.writeHead(status, {
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Length": Buffer.byteLength(text),
    "Pdf-Error": code,
    ...(retry ? { "Retry-After": retryAfterSeconds } : {}),
    ...(unread ? { Connection: "close" } : {}),
  });
  if (unread) endWhenRead({ request, response }, text);
  else response.end(text);
}

/** Node hangs up as such an answer ends, and a client that is still sending would lose it. */
function endWhenRead({ request, response }: Exchange, text: string): void {
  response.write(text);
  const late = setTimeout(() => {
    response.end();
    request.destroy();
  }, LAST_BYTES_MS).unref();
  request.once("end", () => {
    clearTimeout(late);
    response.end();
  });
  request.resume();
}

function answerRead(
  workshop: Workshop,
  metrics: RequestMetrics,
  { path, request, response }: Exchange & { readonly path: string },
): void {
  const isRead = request.method === "GET" || request.method === "HEAD";
  const page = isRead ? readPage(path, workshop, metrics) : undefined;
  if (page === undefined) {
    const known = readPage(path, workshop, metrics) !== undefined;
    const refusal = known
      ? new Refusal("PDF_METHOD_NOT_ALLOWED", `${request.method} on ${path}`)
      : new Refusal("PDF_ROUTE_UNKNOWN", `there is nothing at ${JSON.stringify(path.slice(0, 60))}`);
    refuse({ request, response }, refusal, 0);
    return;
  }
  response.writeHead(page.status, { "Content-Type": page.type, "Cache-Control": "no-store" });
  response.end(request.method === "HEAD" ? undefined : page.text);
}

interface Page {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

function readPage(path: string, workshop: Workshop, metrics: RequestMetrics): Page | undefined {
  if (path === "/health") return health(workshop);
  const type = "text/plain; version=0.0.4; charset=utf-8";
  // Gotenberg's metrics are at the second of these
  if (path === "/metrics" || path === "/prometheus/metrics") {
    return { status: 200, type, text: metrics.render() + workshopMetrics(workshop) };
  }
  return undefined;
}

/** In Gotenberg's form. A service that is being stopped is down, so that nobody sends it work. */
function health({ queue, fleet }: Workshop): Page {
  const error = queue.isDraining ? "the service is being stopped" : fleet.fault;
  const status = error === undefined ? "up" : "down";
  const chromium = { status, timestamp: new Date().toISOString(), ...(error === undefined ? {} : { error }) };
  const text = `${JSON.stringify({ status, details: { chromium } })}\n`;
  return { status: error === undefined ? 200 : 503, type: "application/json", text };
}

function workshopMetrics({ queue, fleet, held }: Workshop): string {
  const ends = Object.entries(fleet.ends).map(([reason, count]) => [`{reason="${reason}"}`, count] as const);
  return [
    metric("pdf_printing", "gauge", "Pages that are being printed.", [["", queue.counts.running]]),
    metric("pdf_queue_waiting", "gauge", "Requests that wait.", [["", queue.counts.waiting]]),
    metric("pdf_held_bytes", "gauge", "Bodies in memory.", [["", held.total]]),
    metric("pdf_browser_memory_bytes", "gauge", "Memory of all browser processes (PSS).", [["", fleet.memoryBytes]]),
    metric("pdf_browser_starts_total", "counter", "Browsers started.", [["", fleet.starts]]),
    metric("pdf_browser_ends_total", "counter", "Browsers taken out of use.", ends),
  ].join("");
}

function headerOf(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(",") : value;
}

function causeText(cause: unknown, code: string): string {
  const text = cause instanceof Error && code === "PDF_UNEXPECTED" ? (cause.stack ?? cause.message) : String(cause);
  return text.slice(0, 2000);
}
