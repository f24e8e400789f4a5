import { codeOf, EntrypointError } from "../errors.ts";
import { now } from "../process/clock.ts";
import { backOff, pause } from "../process/patience.ts";
import { isRunning, type ProcessIdentity } from "../process/process-identity.ts";
import { openProbe } from "./probe/probe.ts";
import { targetOf } from "./probe/socket.ts";
import { readyAddress } from "./ready-address.ts";

/** The app that background tasks belong to. */
export interface App extends ProcessIdentity {
  /** Of one of `READY_SCHEMES`: what answers when the app is ready; `undefined`: the process is enough. */
  readonly ready: string | undefined;
}

/** An app that is not ready by then will not be. */
const READY_MS = 15 * 60_000;

/** How often the app is looked at: the work has to end well within the time the app has to end. */
const LOOK_MS = 500;

/**
 * Waits until the app answers.
 * @returns false when it has ended before that
 * @throws EntrypointError `ENTRYPOINT_WAIT_DEADLINE` after a quarter of an hour; the signal's reason
 */
export async function untilReady(app: App, signal: AbortSignal): Promise<boolean> {
  const { ready } = app;
  const until = now() + READY_MS;
  for (let attempt = 1; ; attempt += 1) {
    if (!isRunning(app)) return false;
    if (ready === undefined) return true;
    const reason = await openProbe(ready)
      .probe(signal)
      .then(() => undefined, String);
    if (reason === undefined) return true;
    if (now() > until) {
      const message = `the app was not ready at ${readyAddress(ready)} within ${String(READY_MS / 60_000)} minutes: ${reason}`;
      throw new EntrypointError("ENTRYPOINT_WAIT_DEADLINE", { message });
    }
    await pause(backOff(attempt), signal);
  }
}

/** Calls back once, when the app has ended or does not listen any more. Returns how to stop looking. */
export function onceOver(app: App, tell: () => void): () => void {
  const settled = new AbortController();
  void look(app, settled.signal, tell);
  return () => settled.abort();
}

async function look(app: App, settled: AbortSignal, tell: () => void): Promise<void> {
  // Refused once may be a restart in place.
  for (let refused = 0; refused < 2 && isRunning(app);) {
    await pause(LOOK_MS, settled).catch(() => undefined);
    refused = (await isListening(app.ready)) ? 0 : refused + 1;
    if (settled.aborted) return;
  }
  tell();
}

/**
 * Whether somebody listens. A page is not asked for again and again, as each request is a line in the app's log; a server that
 * is too busy to answer is there.
 */
async function isListening(ready: string | undefined): Promise<boolean> {
  if (ready === undefined || ready.startsWith("file:")) return true;
  const { connect } = await import("node:net");
  return new Promise((resolve) => {
    const socket = connect(targetOf(ready, PORTS[new URL(ready).protocol] ?? 0));
    const settle = (listens: boolean): void => {
      socket.destroy();
      resolve(listens);
    };
    socket.setTimeout(LOOK_MS * 4, () => settle(true));
    socket.once("connect", () => settle(true));
    socket.once("error", (error) => settle(!["ECONNREFUSED", "ENOENT"].includes(codeOf(error))));
  });
}

const PORTS: Readonly<Record<string, number>> = { "http:": 80, "https:": 443 };
