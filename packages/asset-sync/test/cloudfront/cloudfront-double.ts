import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";

import { vi } from "vitest";

/** An invalidation that was carried out. */
export interface Invalidated {
  readonly reference: string;
  readonly paths: readonly string[];
}

/** An answer that is an error; `cut` carries the request out and breaks the connection before the answer. */
export type CloudFrontFault = { readonly status: number; readonly code: string } | "cut";

/** CloudFront with one distribution, and where it is in this process' environment. */
export interface CloudFrontDouble extends AsyncDisposable {
  readonly distribution: string;
  readonly invalidated: Invalidated[];
  /** Requests so far. */
  requests: number;
  /** What the next requests meet, one each. */
  readonly faults: CloudFrontFault[];
}

const PATH = /^\/2020-05-31\/distribution\/(\w+)\/invalidation$/;
const SIGNED =
  /^AWS4-HMAC-SHA256 Credential=\w+\/\d{8}\/us-east-1\/cloudfront\/aws4_request, SignedHeaders=[\w;-]*host/;
const BATCH =
  /^<InvalidationBatch xmlns="http:\/\/cloudfront\.amazonaws\.com\/doc\/2020-05-31\/"><Paths><Quantity>(\d+)<\/Quantity><Items>(.*)<\/Items><\/Paths><CallerReference>(.*)<\/CallerReference><\/InvalidationBatch>$/;

export async function cloudFrontDouble(): Promise<CloudFrontDouble> {
  const server = createServer();
  const double: CloudFrontDouble = {
    distribution: "E2EXAMPLE",
    invalidated: [],
    requests: 0,
    faults: [],
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await once(server.close(), "close");
    },
  };
  server.on("request", (request, response) => void serve(double, request, response));
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  vi.stubEnv("AWS_ENDPOINT_URL_CLOUDFRONT", `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`);
  return double;
}

async function serve(double: CloudFrontDouble, request: IncomingMessage, response: ServerResponse): Promise<void> {
  double.requests += 1;
  const batch = batchOf(await text(request));
  const fault = double.faults.shift();
  const refused = fault === undefined || fault === "cut" ? refusal(double, request) : fault;
  if (refused !== undefined) return refuse(response, refused);
  if (batch === undefined) return refuse(response, { status: 400, code: "MalformedXML" });
  const id = carryOut(double, batch);
  if (fault === "cut") return void response.destroy();
  response.writeHead(201, { "content-type": "text/xml" });
  return void response.end(`<Invalidation><Id>I${id}</Id></Invalidation>`);
}

type Refusal = Exclude<CloudFrontFault, "cut">;

function refusal(double: CloudFrontDouble, { method, url = "", headers }: IncomingMessage): Refusal | undefined {
  if (!SIGNED.test(headers.authorization ?? "")) return { status: 403, code: "SignatureDoesNotMatch" };
  if (method === "POST" && PATH.exec(url)?.[1] === double.distribution) return undefined;
  return { status: 404, code: "NoSuchDistribution" };
}

function batchOf(xml: string): Invalidated | undefined {
  const [, quantity, items = "", reference = ""] = BATCH.exec(xml) ?? [];
  const paths = [...items.matchAll(/<Path>(\/[^<]*)<\/Path>/g)].map(([, path = ""]) => path.replaceAll("&amp;", "&"));
  return paths.length > 0 && paths.length === Number(quantity) ? { reference, paths } : undefined;
}

/** Of requests with one reference the first counts. */
function carryOut({ invalidated }: CloudFrontDouble, batch: Invalidated): number {
  const known = invalidated.findIndex(({ reference }) => reference === batch.reference);
  return known === -1 ? invalidated.push(batch) : known + 1;
}

function refuse(response: ServerResponse, { status, code }: Refusal): void {
  response.writeHead(status, { "content-type": "text/xml" });
  response.end(`<ErrorResponse><Error><Code>${code}</Code><Message>as told</Message></Error></ErrorResponse>`);
}
