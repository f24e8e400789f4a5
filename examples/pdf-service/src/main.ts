import { setTimeout as wait } from "node:timers/promises";

import { Fleet } from "./browser/fleet.ts";
import { removeLeftProfiles } from "./browser/running-browser.ts";
import { readConfig, type Config } from "./config.ts";
import { HeldBytes } from "./http/held-bytes.ts";
import { pdfServer, type LogEntry } from "./http/server.ts";
import { PrintQueue } from "./queue/print-queue.ts";
import { Refusal } from "./refusal.ts";

const EXECUTABLE = process.env["PUPPETEER_EXECUTABLE_PATH"] ?? "/usr/local/bin/chromium-headless-shell";

/** How long clients may take to read what is left in the system's buffers, and to hang up. */
const HANG_UP_MS = 5000;

/** Without a limit the kernel says 0 or a number that no machine has. */
const memory = process.constrainedMemory();
const reading = readConfig(process.env, memory > 0 && memory < 1e12 ? memory : undefined);
if (reading.kind === "config") await serve(reading.config);
else {
  for (const fault of reading.faults) process.stderr.write(`${fault}\n`);
  process.exitCode = 2;
}

/**
 * Serves until TERM or INT, finishes what it has taken, and ends: in `stopMs` and a few seconds, whatever clients do. A second
 * signal ends it at once.
 */
async function serve(config: Config): Promise<void> {
  await removeLeftProfiles();
  const queue = new PrintQueue(config);
  const fleet = new Fleet(EXECUTABLE, config);
  const stop = new AbortController();
  const workshop = { config, queue, fleet, held: new HeldBytes(config.heldBytes) };
  const { server, answered, hangUp } = pdfServer(workshop, stop.signal, log);

  const end = async (signal: string): Promise<void> => {
    for (const name of ["SIGINT", "SIGTERM"]) process.once(name, () => process.exit(1));
    log({ event: "stopping", signal, ...queue.counts });
    const timer = setTimeout(() => stop.abort(new Refusal("PDF_STOPPING", "the service ends now")), config.stopMs);
    queue.drain();
    await answered();
    clearTimeout(timer);
    // what the system has not sent yet would be lost with the container
    await Promise.all([fleet.close(), Promise.race([hangUp(), wait(HANG_UP_MS, undefined, { ref: false })])]);
    server.close();
    server.closeAllConnections();
    log({ event: "stopped" });
  };
  process.once("SIGTERM", (signal) => void end(signal));
  process.once("SIGINT", (signal) => void end(signal));

  // the first request does not wait for the browser; without one there is nothing to serve
  await fleet.warm();
  if (queue.isDraining) return;
  server.listen(config.port, () => log({ event: "listening", port: config.port }));
}

function log(entry: LogEntry): void {
  process.stdout.write(`${JSON.stringify({ at: new Date().toISOString(), ...entry })}\n`);
}
