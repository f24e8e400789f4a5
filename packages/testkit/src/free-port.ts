import { createServer } from "node:net";

/** Below those that Linux hands out by itself, from 32768 on: no connection and nobody who listens on any port gets one. */
const [LOWEST, HIGHEST] = [20_000, 32_000];

/** A port that nobody listens on, on no address, for who will do so later. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST));
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer().once("error", () => resolve(false));
    server.listen(port, () => server.close(() => resolve(true)));
  });
}
