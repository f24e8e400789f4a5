import { buffer } from "node:stream/consumers";
import type { IncomingMessage, ServerResponse } from "node:http";

import { startLoopbackServer, type LoopbackServer } from "@slipway/testkit";

/** Package managers do not take what was published a few days ago. */
const AGED = "2026-01-01T00:00:00.000Z";

const TOKEN = "token-of-the-double";

/** What a package manager sends to publish one version of a package. */
interface Publication {
  readonly name: string;
  readonly "dist-tags": Readonly<Record<string, string>>;
  readonly versions: Readonly<Record<string, object>>;
  readonly _attachments: Readonly<Record<string, { readonly data: string }>>;
}

/** A double of the npm registry. */
export interface PackageRegistry extends LoopbackServer {
  /** The line of an `.npmrc` that lets a package manager publish. */
  readonly login: string;
  /** What was published, as `name@version`, in the order in which it came. */
  readonly published: readonly string[];
}

/** Starts an empty registry: it takes every package once, from who holds its token, and gives it to everybody. */
export async function startPackageRegistry(): Promise<PackageRegistry> {
  const packages = new Map<string, Publication>();
  const published: string[] = [];
  const server = await startLoopbackServer((request, response) => {
    if (request.method === "PUT") void take(request, response);
    else give(request.url ?? "", response);
  });
  return { ...server, login: `${server.endpoint.replace("http:", "")}/:_authToken=${TOKEN}`, published };

  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const publication = JSON.parse((await buffer(request)).toString()) as Publication;
    const { name, versions } = publication;
    if (request.headers.authorization !== `Bearer ${TOKEN}`) return answer(response, 401, { error: "log in" });
    if (packages.has(name)) return answer(response, 403, { error: `${name} was published` });
    packages.set(name, publication);
    published.push(...Object.keys(versions).map((version) => `${name}@${version}`));
    answer(response, 201, { ok: true });
  }

  function give(url: string, response: ServerResponse): void {
    const [name = "", file] = decodeURIComponent(url).slice(1).split("/-/");
    const found = packages.get(name);
    if (found === undefined) answer(response, 404, { error: `${name} was not published` });
    else if (file === undefined) answer(response, 200, describe(found));
    else response.end(Object.values(found._attachments).map(({ data }) => Buffer.from(data, "base64"))[0]);
  }
}

/** What a registry answers to the name of a package. */
function describe({ name, versions, "dist-tags": tags }: Publication): object {
  const time = Object.fromEntries(Object.keys(versions).map((version) => [version, AGED]));
  return { name, versions, "dist-tags": tags, time };
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
