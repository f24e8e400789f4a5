/** Milliseconds since this process began; never goes back. The global `performance` would load modules of Node's at each start. */
export function now(): number {
  return process.uptime() * 1000;
}
