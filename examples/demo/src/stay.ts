import { once } from "node:events";

/** Resolves when the user ends the demo. */
export async function untilInterrupted(): Promise<void> {
  // a listener alone keeps no process alive
  const alive = setInterval(() => undefined, 60_000);
  await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
  clearInterval(alive);
}
