import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { setTimeout as pause } from "node:timers/promises";

import { errorAnswer, sayAnswer, type Answer } from "./answer.ts";
import { Bucket, type BucketManner } from "./bucket.ts";
import { FaultScript, type Fault, type FaultRule } from "./fault-script.ts";
import { startLoopbackServer } from "./loopback-server.ts";
import type { DoubleObject } from "./object-table.ts";
import { pathStyleAddress, plainHeaders, type LoggedRequest } from "./request-log.ts";
import { signatureFault, type S3Credentials } from "./signature.ts";

/** How a double differs from AWS. */
export interface S3DoubleOptions extends BucketManner {
  readonly buckets?: readonly string[];
  /** How far its clock is ahead of this machine's, in milliseconds. */
  readonly clockAhead?: number;
}

/**
 * An S3 server in this process: path style, signature version 4, PUT, copy, GET, HEAD and DELETE of objects with
 * conditional writes, uploads in parts, and ListObjectsV2. Keeps a log of requests and can be told to fail.
 */
export interface S3Double extends AsyncDisposable {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: S3Credentials;
  readonly log: LoggedRequest[];
  /** The objects of a bucket by key, to look at and to change. */
  objects(bucket: string): Map<string, DoubleObject>;
  /** Keys of uploads in parts that are neither completed nor aborted. */
  uploads(bucket: string): readonly string[];
  /** Calls `listener` after each change of an object by a request, before anything else can happen. */
  onChange(listener: (bucket: string, key: string) => void): void;
  /** Sets how far its clock is ahead of this machine's, in milliseconds. */
  turnClock(ahead: number): void;
  /** Takes these credentials too. */
  accept(credentials: S3Credentials): void;
  /** Answers ExpiredToken to what is signed with this key from now on. */
  expire(accessKeyId: string): void;
  fail(rule: FaultRule): void;
  clearFaults(): void;
}

interface World {
  readonly buckets: ReadonlyMap<string, Bucket>;
  readonly log: LoggedRequest[];
  readonly faults: FaultScript;
  readonly known: Map<string, S3Credentials>;
  readonly expired: Set<string>;
  readonly now: () => number;
  /** AWS says who answers; what does not hold to conditions is something else. */
  readonly name: { readonly server?: "AmazonS3" };
}

/** Starts a double on a free port of the loopback interface. */
export async function startS3Double(options: S3DoubleOptions = {}): Promise<S3Double> {
  const credentials = { accessKeyId: "AKIADOUBLE", secretAccessKey: "double-secret" };
  const listeners: ((bucket: string, key: string) => void)[] = [];
  const tell = (bucket: string, key: string): void => {
    for (const listener of listeners) listener(bucket, key);
  };
  const buckets = new Map(
    (options.buckets ?? []).map((name) => [name, new Bucket(options, (key) => tell(name, key))] as const),
  );
  let clockAhead = options.clockAhead ?? 0;
  const world: World = {
    buckets,
    log: [],
    faults: new FaultScript(),
    known: new Map([[credentials.accessKeyId, credentials]]),
    expired: new Set(),
    now: () => Date.now() + clockAhead,
    name: (options.conditions ?? "kept") === "kept" ? { server: "AmazonS3" } : {},
  };
  const server = await startLoopbackServer((incoming, response) => void serve(incoming, response, world));
  return {
    ...server,
    region: "us-east-1",
    credentials,
    log: world.log,
    objects: (bucket) => buckets.get(bucket)?.objects ?? new Map<string, DoubleObject>(),
    uploads: (bucket) => buckets.get(bucket)?.uploads.keys() ?? [],
    onChange: (listener) => listeners.push(listener),
    turnClock: (ahead) => {
      clockAhead = ahead;
    },
    accept: (more) => world.known.set(more.accessKeyId, more),
    expire: (accessKeyId) => world.expired.add(accessKeyId),
    fail: (rule) => world.faults.add(rule),
    clearFaults: () => world.faults.clear(),
  };
}

async function serve(incoming: IncomingMessage, response: ServerResponse, world: World): Promise<void> {
  const { url = "/", method = "GET", headers } = incoming;
  const address = pathStyleAddress(url);
  if (address === undefined) return void response.writeHead(400).end();
  const request: LoggedRequest = { method, ...address, headers: plainHeaders(headers) };
  const fault = world.faults.take(request, world.log.push(request) - 1);
  const body = await takeBody(incoming, fault);
  if (body === undefined) return;
  const answer = await answerWith(fault, () => decide(request, url, body, world));
  const always = {
    "x-amz-request-id": "DOUBLE0000000000",
    date: new Date(world.now()).toUTCString(),
    ...world.name,
  };
  sayAnswer(response, { ...answer, headers: { ...always, ...answer.headers } }, request, fault);
}

/** The request's body; undefined when the request gets no answer. */
async function takeBody(incoming: IncomingMessage, fault: Fault | undefined): Promise<Buffer | undefined> {
  if (fault?.kind === "stall" && fault.when === "before") return undefined;
  if (fault?.kind === "cut" && (fault.when === "before" || fault.when === "body")) {
    const { socket } = incoming;
    if (fault.when === "body") await Promise.race([once(incoming, "data"), once(incoming.resume(), "end")]);
    socket.resetAndDestroy();
    return undefined;
  }
  return buffer(incoming).catch(() => undefined);
}

async function answerWith(fault: Fault | undefined, decided: () => Answer): Promise<Answer> {
  if (fault?.kind === "answer") {
    const { status, code, headers } = fault;
    return errorAnswer({ status, code, message: "This fault was asked for." }, headers);
  }
  if (fault?.kind === "delay") await pause(fault.milliseconds);
  if (fault?.kind === "held") await fault.until;
  return decided();
}

function decide(request: LoggedRequest, url: string, body: Buffer, world: World): Answer {
  const refused = signatureFault(request, url, body, world);
  if (refused !== undefined) return errorAnswer(refused);
  const bucket = world.buckets.get(request.bucket);
  if (bucket === undefined)
    return errorAnswer({ status: 404, code: "NoSuchBucket", message: "There is no such bucket." });
  return bucket.answer({ request, url, body });
}
