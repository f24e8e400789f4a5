import type { Socket } from "node:net";

/** Breaks a connection that has not come about in time. */
export function limitConnecting(socket: Socket, milliseconds: number, secure: boolean): void {
  const late = (): void => void socket.destroy(timedOut(`no connection in ${milliseconds} ms`));
  const timer = setTimeout(late, milliseconds);
  for (const event of [secure ? "secureConnect" : "connect", "close"]) socket.once(event, () => clearTimeout(timer));
}

/** What ends a request that waits for too long. */
export function timedOut(reason: string): Error {
  return Object.assign(new Error(reason), { name: "TimeoutError" });
}
