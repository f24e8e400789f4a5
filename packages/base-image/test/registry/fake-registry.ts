import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";

import { startLoopbackServer } from "@slipway/testkit";

/** What a registry in a test answers instead of its own answer; undefined lets it answer. */
export type Answer = (
  request: IncomingMessage,
) =>
  | { readonly status: number; readonly body?: string; readonly headers?: Readonly<Record<string, string>> }
  | undefined;

/** A registry on loopback that wants tokens, gone when the scope ends. */
export interface FakeRegistry extends AsyncDisposable {
  readonly host: string;
  /** Method, path and authorisation of every request. */
  readonly requests: readonly string[];
  readonly tags: Map<string, string>;
}

/** Starts one. A token is given to the user `me` with the password `right`, for the scope that is asked for. */
export async function fakeRegistry(answer: Answer = () => undefined): Promise<FakeRegistry> {
  const requests: string[] = [];
  const tags = new Map<string, string>();
  const server = await startLoopbackServer((request, response) => {
    const { method = "", url = "", headers } = request;
    requests.push(`${method} ${url.replace(/\?.*/, "")} ${headers.authorization?.split(" ")[0] ?? "nobody"}`);
    const given = answer(request);
    if (given === undefined) void reply(request, response, tags);
    else response.writeHead(given.status, given.headers).end(given.body);
  });
  const { host } = new URL(server.endpoint);
  return { host, requests, tags, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

async function reply(request: IncomingMessage, response: ServerResponse, tags: Map<string, string>): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const body = Buffer.concat(chunks).toString("utf8");
  const url = new URL(request.url ?? "", `http://${request.headers.host ?? ""}`);
  if (url.pathname === "/token") giveToken(request, response, body || url.searchParams.toString());
  else if (url.pathname.endsWith("/tags/list")) response.end(JSON.stringify({ tags: [...tags.keys()] }));
  else answerManifest(request, response, { path: url.pathname, body, tags });
}

function giveToken({ headers }: IncomingMessage, response: ServerResponse, form: string): void {
  const isKnown = headers.authorization === `Basic ${btoa("me:right")}` || form.includes("refresh_token=secret-token");
  if (!isKnown) response.writeHead(401).end('{"errors":[{"code":"DENIED","message":"wrong password"}]}');
  else response.end(JSON.stringify({ token: btoa(new URLSearchParams(form).get("scope") ?? "") }));
}

interface ManifestRequest {
  readonly path: string;
  readonly body: string;
  readonly tags: Map<string, string>;
}

function answerManifest(
  request: IncomingMessage,
  response: ServerResponse,
  { path, body, tags }: ManifestRequest,
): void {
  const { method, headers } = request;
  const [, repository = "", tag = ""] = /^\/v2\/(.+)\/manifests\/(.+)$/.exec(path) ?? [];
  const scope = `repository:${repository}:${method === "PUT" ? "pull,push" : "pull"}`;
  if (headers.authorization !== `Bearer ${btoa(scope)}`) {
    const challenge = `Bearer realm="http://${headers.host ?? ""}/token",service="test, with a comma",scope="${scope}"`;
    return void response.writeHead(401, { "www-authenticate": challenge }).end();
  }
  if (method === "PUT") tags.set(tag, body);
  const found = tags.get(tag);
  if (found === undefined) return void response.writeHead(404).end('{"errors":[{"code":"MANIFEST_UNKNOWN"}]}');
  const digest = `sha256:${createHash("sha256").update(found).digest("hex")}`;
  const type = { "docker-content-digest": digest, "content-type": "application/vnd.oci.image.index.v1+json" };
  response.writeHead(method === "PUT" ? 201 : 200, type).end(method === "HEAD" ? undefined : found);
}
