import type * as ClientS3 from "@aws-sdk/client-s3";

import type { S3Target } from "../config/target.ts";
import type { RequestCounter, RequestKind } from "./request-counter.ts";

/** The SDK is half a megabyte: it is loaded by the first request, not by the program's start. */
export type S3Sdk = typeof ClientS3;

/** The SDK with a client that is set up for a target. */
export interface S3Connection {
  readonly sdk: S3Sdk;
  readonly client: ClientS3.S3Client;
}

const KINDS: Readonly<Record<string, RequestKind>> = { GET: "get", PUT: "put", HEAD: "head", DELETE: "delete" };

const MAX_SOCKETS = 64;
const ATTEMPTS = 6;

/** Connects to where the target says S3 is; credentials come from the standard AWS chain. */
export async function connect(target: S3Target, counter: RequestCounter): Promise<S3Connection> {
  const sdk = await import("@aws-sdk/client-s3");
  const region = target.region ?? (target.endpoint === undefined ? undefined : "us-east-1");
  const client = new sdk.S3Client({
    ...(region === undefined ? {} : { region }),
    ...(target.endpoint === undefined ? {} : { endpoint: target.endpoint }),
    forcePathStyle: target.pathStyle ?? false,
    // Stores other than AWS refuse the SDK's default CRC headers or keep `aws-chunked` as the object's encoding:
    // https://github.com/aws/aws-sdk-js-v3/issues/6810. Each put is guarded by its signed SHA-256 instead.
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    followRegionRedirects: false,
    maxAttempts: ATTEMPTS,
    retryMode: "standard",
    requestHandler: {
      connectionTimeout: 10_000,
      requestTimeout: 60_000,
      throwOnRequestTimeout: true,
      httpAgent: { keepAlive: true, maxSockets: MAX_SOCKETS },
      httpsAgent: { keepAlive: true, maxSockets: MAX_SOCKETS },
    },
  });
  countRequests(client, counter);
  return { sdk, client };
}

/** Counts at the last step before the wire, which every retry passes again. */
function countRequests(client: ClientS3.S3Client, counter: RequestCounter): void {
  client.middlewareStack.add(
    (next) => (args) => {
      counter.add(KINDS[methodOf(args.request)] ?? "get");
      return next(args);
    },
    { step: "deserialize", priority: "low", name: "countRequests" },
  );
}

function methodOf(request: unknown): string {
  return typeof request === "object" && request !== null && "method" in request ? String(request.method) : "";
}
