import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";

import { signatureFault, type S3Credentials } from "@slipway/testkit";
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
  const body = await text(request);
  const batch = batchOf(body);
  const fault = double.faults.shift();
  const refused = fault === undefined || fault === "cut" ? refusal(double, request, body) : fault;
  if (refused !== undefined) return refuse(response, refused);
  if (batch === undefined) return refuse(response, { status: 400, code: "MalformedXML" });
  const id = carryOut(double, batch);
  if (fault === "cut") return void response.destroy();
  response.writeHead(201, { "content-type": "text/xml" });
  return void response.end(`<Invalidation><Id>I${id}</Id></Invalidation>`);
}

type Refusal = Exclude<CloudFrontFault, "cut">;

function refusal(double: CloudFrontDouble, request: IncomingMessage, body: string): Refusal | undefined {
  const { method = "", url = "" } = request;
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
  const knowledge = { known: knownKeys(), expired: new Set<string>(), now: Date.now, service: "cloudfront" };
  const fault = signatureFault({ method, headers }, url, Buffer.from(body), knowledge);
  if (fault !== undefined) return fault;
  // The one region that CloudFront has.
  if (!headers["authorization"]?.includes("/us-east-1/")) return { status: 403, code: "SignatureDoesNotMatch" };
  if (method === "POST" && PATH.exec(url)?.[1] === double.distribution) return undefined;
  return { status: 404, code: "NoSuchDistribution" };
}

/** The key pair that this process has in its environment. */
function knownKeys(): ReadonlyMap<string, S3Credentials> {
  const { AWS_ACCESS_KEY_ID: accessKeyId = "", AWS_SECRET_ACCESS_KEY: secretAccessKey = "" } = process.env;
  return new Map([[accessKeyId, { accessKeyId, secretAccessKey }]]);
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
