import { createServer } from "node:net";

/** Below those that Linux hands out by itself, from 32768 on: no connection and nobody who listens on any port gets one. */
const [LOWEST, HIGHEST] = [20_000, 32_000];

/** Ports nobody listens on at this moment, each another. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const ports = new Set<number>();
  while (ports.size < count) {
    const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST));
    if (await isFree(port)) ports.add(port);
  }
  return [...ports];
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer().once("error", () => resolve(false));
    server.listen(port, () => server.close(() => resolve(true)));
  });
}
