import { createServer, type Server, type ServerResponse } from "node:http";

import { messageOf, printable } from "../errors.ts";
import type { Emit, EntrypointEvent } from "../events.ts";
import { censored } from "../process/redaction/concealed.ts";
import { BOOTING_HEADER } from "./health-header.ts";

/** Where a start answers for the app that is not there yet, and with what. */
export interface HealthOptions {
  readonly port: number;
  /** 503, or 200 where whoever asks would give the container up otherwise. */
  readonly status: number;
}

/** Answers while a start goes on. */
export interface HealthResponder {
  /** Takes notice of what the start does. */
  readonly take: Emit;
  /** Answers what was asked already, then gives the port free. */
  close(): Promise<void>;
}

/** How long an answer that is on its way may hold up the app. */
const DRAIN_MS = 500;

/**
 * Answers every request with the step the start is at and for how long. A port that is taken is a warning: the app is what is
 * to be started.
 */
export async function openHealth({ port, status }: HealthOptions, emit: Emit): Promise<HealthResponder> {
  let current: Extract<EntrypointEvent, { readonly type: "step-started" }> | undefined;
  let began = process.uptime();
  const server = createServer((_, response) => {
    const step =
      current === undefined ? null : { number: current.step, task: current.task, subject: printable(current.subject) };
    answer(response, status, { status: "booting", step, stepSeconds: elapsed(began), seconds: elapsed(0) });
  });
  const problem = await listen(server, port);
  if (problem !== undefined) {
    const hint = "Give healthPort a port of its own, or leave it out.";
    emit({ type: "warning", message: `nobody answers for the app while it starts: ${messageOf(problem)}`, hint });
  }
  return {
    take: (event) => {
      if (event.type !== "step-started") return;
      current = event;
      began = process.uptime();
    },
    close: () => close(server),
  };
}

/** Seconds since a moment of this process. */
function elapsed(since: number): number {
  return Math.round((process.uptime() - since) * 1000) / 1000;
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, {
    "Content-Type": "application/json",
    "Cache-Control": "no-store",
    "Retry-After": "1",
    [BOOTING_HEADER]: "booting",
    // The next request is for the app.
    Connection: "close",
  });
  response.end(`${censored(JSON.stringify(body))}\n`);
}

function listen(server: Server, port: number): Promise<unknown> {
  return new Promise((resolve) => {
    server.once("error", resolve);
    server.listen({ port }, () => resolve(undefined));
  });
}

async function close(server: Server): Promise<void> {
  if (!server.listening) return;
  // What waits in the kernel's queue is taken and answered first.
  for (let turn = 0; turn < 2; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([closed, new Promise<void>((resolve) => (timer = setTimeout(resolve, DRAIN_MS)))]);
  clearTimeout(timer);
  server.closeAllConnections();
}
