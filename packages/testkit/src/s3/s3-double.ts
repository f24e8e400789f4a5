import type { IncomingMessage, ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { setTimeout as pause } from "node:timers/promises";

import { FaultScript, type Fault, type FaultRule } from "./fault-script.ts";
import { startLoopbackServer } from "./loopback-server.ts";
import { conditionFault, makeObject, type DoubleObject, type IfMatchForm } from "./object-table.ts";
import { listAnswer } from "./listing.ts";
import { pathStyleAddress, plainHeaders, type LoggedRequest } from "./request-log.ts";
import { signatureFault, type S3Credentials, type S3Fault } from "./signature.ts";

/** How a double differs from AWS. */
export interface S3DoubleOptions {
  readonly buckets?: readonly string[];
  readonly ifMatch?: IfMatchForm;
  /** Answers 403 instead of 404 for a missing key, as AWS does to a role without s3:ListBucket. */
  readonly hidesMissingKeys?: boolean;
}

/**
 * An S3 server in this process: path style, signature version 4, PUT, GET, HEAD and DELETE of objects with conditional
 * writes, and ListObjectsV2. Keeps a log of requests and can be told to fail.
 */
export interface S3Double extends AsyncDisposable {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: S3Credentials;
  readonly log: LoggedRequest[];
  /** The objects of a bucket by key, to look at and to change. */
  objects(bucket: string): Map<string, DoubleObject>;
  fail(rule: FaultRule): void;
  clearFaults(): void;
}

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
}

/** Starts a double on a free port of the loopback interface. */
export async function startS3Double(options: S3DoubleOptions = {}): Promise<S3Double> {
  const credentials = { accessKeyId: "AKIADOUBLE", secretAccessKey: "double-secret" };
  const buckets = new Map((options.buckets ?? []).map((name) => [name, new Map<string, DoubleObject>()]));
  const log: LoggedRequest[] = [];
  const faults = new FaultScript();
  const server = await startLoopbackServer((incoming, response) => {
    void serve(incoming, response, { buckets, log, faults, credentials, options });
  });
  return {
    ...server,
    region: "us-east-1",
    credentials,
    log,
    objects: (bucket) => buckets.get(bucket) ?? new Map<string, DoubleObject>(),
    fail: (rule) => faults.add(rule),
    clearFaults: () => faults.clear(),
  };
}

interface World {
  readonly buckets: Map<string, Map<string, DoubleObject>>;
  readonly log: LoggedRequest[];
  readonly faults: FaultScript;
  readonly credentials: S3Credentials;
  readonly options: S3DoubleOptions;
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
  if (fault?.kind === "cut") cutAnswer(response, answer, fault.when);
  else if (fault?.kind === "stall") stallAnswer(response, answer, request);
  else writeAnswer(response, answer, request);
}

/** The request's body; undefined when the request gets no answer. */
async function takeBody(incoming: IncomingMessage, fault: Fault | undefined): Promise<Buffer | undefined> {
  if (fault?.kind === "cut" && fault.when === "before") {
    incoming.socket.resetAndDestroy();
    return undefined;
  }
  if (fault?.kind === "stall" && fault.when === "before") return undefined;
  return buffer(incoming).catch(() => undefined);
}

function writeAnswer(response: ServerResponse, answer: Answer, request: LoggedRequest): void {
  request.status = answer.status;
  response.writeHead(answer.status, answerHeaders(answer)).end(request.method === "HEAD" ? undefined : answer.body);
}

async function answerWith(fault: Fault | undefined, decided: () => Answer): Promise<Answer> {
  if (fault?.kind === "answer") {
    return errorAnswer({ status: fault.status, code: fault.code, message: "This fault was asked for." });
  }
  if (fault?.kind === "delay") await pause(fault.milliseconds);
  return decided();
}

function cutAnswer(response: ServerResponse, answer: Answer, when: "before" | "during" | "after"): void {
  if (when !== "during") {
    response.socket?.resetAndDestroy();
    return;
  }
  writeHalf(response, answer, () => response.socket?.resetAndDestroy());
}

function stallAnswer(response: ServerResponse, answer: Answer, request: LoggedRequest): void {
  writeHalf(response, answer, () => {
    request.status = answer.status;
  });
}

function writeHalf(response: ServerResponse, answer: Answer, written: () => void): void {
  const body = Buffer.from(answer.body ?? "");
  response.writeHead(answer.status, { ...answerHeaders(answer), "content-length": String(body.length + 1) });
  response.write(body.subarray(0, Math.ceil(body.length / 2)), written);
}

function decide(request: LoggedRequest, url: string, body: Buffer, world: World): Answer {
  const refused = signatureFault(request, url, body, world.credentials);
  if (refused !== undefined) return errorAnswer(refused);
  const { method, bucket, key } = request;
  const objects = world.buckets.get(bucket);
  if (objects === undefined)
    return errorAnswer({ status: 404, code: "NoSuchBucket", message: "There is no such bucket." });
  if (method === "PUT") return put(request, body, objects, world.options);
  if (method === "DELETE") {
    objects.delete(key);
    return { status: 204 };
  }
  if (method !== "GET" && method !== "HEAD") {
    return errorAnswer({ status: 501, code: "NotImplemented", message: `${method} is not taken.` });
  }
  if (method === "GET" && key === "") {
    return { status: 200, headers: { "content-type": "application/xml" }, body: listAnswer(objects, url) };
  }
  const present = objects.get(key);
  if (present === undefined) return errorAnswer(missing(world.options));
  const length = { "content-length": String(present.body.length) };
  return { status: 200, headers: { ...present.headers, ...length, etag: `"${present.etag}"` }, body: present.body };
}

function put(
  request: LoggedRequest,
  body: Buffer,
  objects: Map<string, DoubleObject>,
  options: S3DoubleOptions,
): Answer {
  const failed = conditionFault(request.headers, objects.get(request.key), options.ifMatch ?? "any");
  if (failed !== undefined) return errorAnswer(failed);
  const made = makeObject(body, request.headers);
  objects.set(request.key, made);
  return { status: 200, headers: { etag: `"${made.etag}"` } };
}

function missing(options: S3DoubleOptions): S3Fault {
  return options.hidesMissingKeys === true
    ? { status: 403, code: "AccessDenied", message: "Access Denied" }
    : { status: 404, code: "NoSuchKey", message: "There is no such key." };
}

function errorAnswer({ status, code, message }: S3Fault): Answer {
  const body = `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  return { status, headers: { "content-type": "application/xml" }, body };
}

function answerHeaders(answer: Answer): Record<string, string> {
  return { "x-amz-request-id": "DOUBLE0000000000", ...answer.headers };
}
