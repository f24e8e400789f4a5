import { now } from "./clock.ts";
import { unlessAborted } from "./patience.ts";

/** A name that is not answered by then is slow. */
const SLOW_MS = 1_000;

/** Where to connect: the host, and the name that the server's certificate is for. */
export interface Located {
  readonly host: string;
  readonly name: string;
}

/**
 * Gives names the time that connections do not: a try to connect ends after seconds, and each would ask for the name anew. A name that is
 * answered soon stays a name, so that all of its addresses are tried; of one that is answered late it is the first address.
 * @throws the resolver's error, or the signal's reason
 */
export async function locate(name: string, signal: AbortSignal): Promise<Located> {
  const { isIP } = await import("node:net");
  if (name === "" || name.startsWith("/") || isIP(name) !== 0) return { host: name, name };
  const { lookup } = await import("node:dns/promises");
  const began = now();
  const { address } = await unlessAborted(lookup(name), signal);
  return { host: now() - began < SLOW_MS ? name : address, name };
}
