import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, type ServerResponse } from "node:http";
import { join, normalize, sep } from "node:path";

/** A web server in front of a folder store: each object with the headers the sync gave it. */
export interface StoreServer extends AsyncDisposable {
  readonly url: string;
}

/** Serves the assets of a folder store on a free port, and nothing of the store's own corner. */
export async function serveStore(directory: string, port = 0): Promise<StoreServer> {
  const server = createServer((request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url ?? "/", "http://store").pathname));
    void answer(directory, path, response);
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the store's server has no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

async function answer(directory: string, path: string, response: ServerResponse): Promise<void> {
  const hidden = path.split(sep).includes(".asset-sync");
  const body = hidden ? undefined : await readFile(join(directory, path)).catch(() => undefined);
  if (body === undefined) return void response.writeHead(404).end("not in the store\n");
  const sidecar = await readFile(join(directory, ".asset-sync", "headers", `${path}.json`), "utf8").catch(() => "{}");
  response.writeHead(200, JSON.parse(sidecar) as Record<string, string>).end(body);
}
