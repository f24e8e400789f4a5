import { openProbe } from "./probe/probe.ts";

/** How an app may show that it is ready. */
export const READY_SCHEMES: readonly string[] = ["tcp:", "unix:", "http:", "https:", "file:"];

/** What the app answers at, for people. */
export function readyAddress(ready: string | undefined): string {
  return ready === undefined ? "its process" : openProbe(ready).address;
}
