import { createHash } from "node:crypto";
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
    const key = keyOf(request.url ?? "/");
    if (key === undefined) response.writeHead(400).end("not a path\n");
    else void answer(directory, key, response);
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

/** The key that a URL asks for; undefined when its percent signs encode no text. */
function keyOf(url: string): string | undefined {
  try {
    return normalize(decodeURIComponent(new URL(url, "http://store").pathname)).slice(1);
  } catch {
    return undefined;
  }
}

async function answer(directory: string, key: string, response: ServerResponse): Promise<void> {
  const hidden = key.split(sep).includes(".asset-sync");
  const body = hidden ? undefined : await readFile(join(directory, key)).catch(() => undefined);
  if (body === undefined) return void response.writeHead(404).end("not in the store\n");
  response.writeHead(200, await headersOf(directory, key)).end(body);
}

async function headersOf(directory: string, key: string): Promise<Readonly<Record<string, string>>> {
  const name = `${createHash("sha256").update(key).digest("hex")}.json`;
  const text = await readFile(join(directory, ".asset-sync/headers", name), "utf8").catch(() => '{"headers":{}}');
  const { headers }: { readonly headers: Readonly<Record<string, string>> } = JSON.parse(text);
  return headers;
}
