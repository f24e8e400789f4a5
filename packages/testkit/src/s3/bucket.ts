import { createHash } from "node:crypto";

import { errorAnswer, xmlAnswer, type Answer } from "./answer.ts";
import { listAnswer } from "./listing.ts";
import { neededActions } from "./needed-actions.ts";
import { MultipartTable, NO_UPLOAD } from "./multipart-table.ts";
import { conditionFault, makeObject, type DoubleObject, type IfMatchForm } from "./object-table.ts";
import type { LoggedRequest } from "./request-log.ts";
import type { S3Fault } from "./signature.ts";

/** How a bucket differs from one of AWS. */
export interface BucketManner {
  readonly ifMatch?: IfMatchForm;
  /** Answers 403 instead of 404 for a missing key, as AWS does to a role without s3:ListBucket. */
  readonly hidesMissingKeys?: boolean;
  /** What becomes of If-Match and If-None-Match: kept when left out, ignored, or answered with 501. */
  readonly conditions?: "kept" | "ignored" | "unsupported";
  /** What the role that asks may do: an action of IAM, for example `s3:GetObject`, on a key, or on "" for the bucket. */
  readonly allows?: (action: string, key: string) => boolean;
  /** The error code with which a delete of many leaves this key; undefined deletes it. */
  readonly refusesDelete?: (key: string) => string | undefined;
}

/** A request that may be carried out, its signature checked. */
export interface BucketRequest {
  readonly request: LoggedRequest;
  readonly url: string;
  readonly body: Buffer;
}

/** Bytes of UTF-8: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html */
const LONGEST_KEY = 1024;

/** No bucket here has settings of its own. */
const NO_SETTING: S3Fault = { status: 404, code: "NoSuchConfiguration", message: "There is none." };

const MOST_DELETED = 1000;

type Headers = Readonly<Record<string, string>>;

/** Objects by key, and what can be asked of them. `onChange` is called in the same turn as the change. */
export class Bucket {
  readonly objects: Map<string, DoubleObject> = new Map();
  readonly uploads: MultipartTable = new MultipartTable();
  readonly #manner: BucketManner;
  readonly #onChange: (key: string) => void;

  constructor(manner: BucketManner, onChange: (key: string) => void) {
    this.#manner = manner;
    this.#onChange = onChange;
  }

  answer(asked: BucketRequest): Answer {
    const { request, url, body } = asked;
    const wrong = this.#permissionFault(asked) ?? digestFault(request.headers, body);
    if (wrong !== undefined) return errorAnswer(wrong);
    if (Buffer.byteLength(request.key) > LONGEST_KEY) {
      return errorAnswer({ status: 400, code: "KeyTooLongError", message: "Your key is too long." });
    }
    const query = new URL(url, "http://double").searchParams;
    switch (request.method) {
      case "PUT":
        return this.#putRequest(asked, query);
      case "POST":
        return this.#postRequest(asked, query);
      case "DELETE":
        return this.#deleteRequest(request.key, query.get("uploadId"));
      case "GET":
        return request.key === "" ? this.#bucketRequest(url, query) : this.#readOrAcl(request.key, query);
      case "HEAD":
        return this.#read(request.key);
      default:
        return errorAnswer({ status: 501, code: "NotImplemented", message: `${request.method} is not taken.` });
    }
  }

  #permissionFault(asked: BucketRequest): S3Fault | undefined {
    const { allows } = this.#manner;
    if (allows === undefined || neededActions(asked).every(([action, key]) => allows(action, key))) return undefined;
    return { status: 403, code: "AccessDenied", message: "Access Denied" };
  }

  #bucketRequest(url: string, query: URLSearchParams): Answer {
    return query.has("list-type") ? xmlAnswer(listAnswer(this.objects, url)) : errorAnswer(NO_SETTING);
  }

  #putRequest({ request: { key, headers }, body }: BucketRequest, query: URLSearchParams): Answer {
    const uploadId = query.get("uploadId");
    if (uploadId !== null) return this.#part(uploadId, Number(query.get("partNumber")), body);
    if (headers["x-amz-copy-source"] !== undefined) return this.#copy(key, headers);
    return this.#put(key, headers, () => makeObject(body, headers));
  }

  #postRequest({ request, body }: BucketRequest, query: URLSearchParams): Answer {
    const uploadId = query.get("uploadId");
    if (query.has("delete")) return this.#deleteMany(request, body.toString());
    if (uploadId !== null) return this.#complete(uploadId, request, body.toString());
    return xmlAnswer(`<R><UploadId>${this.uploads.create(request.key, request.headers)}</UploadId></R>`);
  }

  #deleteRequest(key: string, uploadId: string | null): Answer {
    if (uploadId !== null) return this.uploads.remove(uploadId) ? { status: 204 } : errorAnswer(NO_UPLOAD);
    this.objects.delete(key);
    this.#onChange(key);
    return { status: 204 };
  }

  /** https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html, in its quiet form. */
  #deleteMany({ headers }: LoggedRequest, body: string): Answer {
    if (headers["content-md5"] === undefined) {
      return errorAnswer({ status: 400, code: "InvalidRequest", message: "Missing required header: Content-MD5" });
    }
    const keys = [...body.matchAll(/<Key>(.*?)<\/Key>/gs)].map(([, key = ""]) => xmlDecoded(key));
    if (keys.length > MOST_DELETED)
      return errorAnswer({ status: 400, code: "MalformedXML", message: "Too many keys." });
    const kept = keys.flatMap((key) => {
      const code = this.#manner.refusesDelete?.(key);
      if (code === undefined) this.#deleteRequest(key, null);
      return code === undefined ? [] : [`<Error><Key>${key}</Key><Code>${code}</Code><Message>Kept.</Message></Error>`];
    });
    return xmlAnswer(`<DeleteResult>${kept.join("")}</DeleteResult>`);
  }

  #readOrAcl(key: string, query: URLSearchParams): Answer {
    const present = this.objects.get(key);
    return query.has("acl") && present !== undefined ? xmlAnswer(aclText(present)) : this.#read(key);
  }

  #read(key: string): Answer {
    const present = this.objects.get(key);
    if (present === undefined) return errorAnswer(this.#missing());
    const { body, headers, etag } = present;
    return { status: 200, headers: { ...headers, "content-length": String(body.length), etag: `"${etag}"` }, body };
  }

  #missing(): S3Fault {
    return this.#manner.hidesMissingKeys === true
      ? { status: 403, code: "AccessDenied", message: "Access Denied" }
      : { status: 404, code: "NoSuchKey", message: "There is no such key." };
  }

  #put(key: string, headers: Headers, make: () => DoubleObject | S3Fault): Answer {
    const failed = this.#conditionFault(headers, this.objects.get(key));
    if (failed !== undefined) return errorAnswer(failed);
    const made = make();
    if ("status" in made) return errorAnswer(made);
    this.objects.set(key, made);
    this.#onChange(key);
    return { status: 200, headers: { etag: `"${made.etag}"` } };
  }

  #conditionFault(headers: Headers, present: DoubleObject | undefined): S3Fault | undefined {
    const { conditions = "kept", ifMatch = "any" } = this.#manner;
    const conditional = headers["if-match"] !== undefined || headers["if-none-match"] !== undefined;
    if (!conditional || conditions === "ignored") return undefined;
    if (conditions === "kept") return conditionFault(headers, present, ifMatch);
    return { status: 501, code: "NotImplemented", message: "A header implies functionality that is not implemented." };
  }

  #copy(key: string, headers: Headers): Answer {
    const [, ...source] = (headers["x-amz-copy-source"] ?? "").replace(/^\//, "").split("/");
    const present = this.objects.get(source.map((part) => decodeURIComponent(part)).join("/"));
    if (present === undefined) return errorAnswer(this.#missing());
    const tag = headers["x-amz-copy-source-if-match"];
    const failed = this.#conditionFault(tag === undefined ? {} : { "if-match": tag }, present);
    if (failed !== undefined) return errorAnswer(failed);
    const replaced = headers["x-amz-metadata-directive"] === "REPLACE";
    this.objects.set(key, replaced ? makeObject(present.body, headers) : present);
    this.#onChange(key);
    const etag = this.objects.get(key)?.etag ?? "";
    return xmlAnswer(`<CopyObjectResult><ETag>&quot;${etag}&quot;</ETag></CopyObjectResult>`);
  }

  #part(uploadId: string, number: number, body: Buffer): Answer {
    const etag = this.uploads.part(uploadId, number, body);
    return etag === undefined ? errorAnswer(NO_UPLOAD) : { status: 200, headers: { etag: `"${etag}"` } };
  }

  #complete(uploadId: string, { key, headers }: LoggedRequest, body: string): Answer {
    const parts = [...body.matchAll(/<PartNumber>(\d+)<\/PartNumber><ETag>"(\w+)"<\/ETag>/g)];
    const named = parts.map(([, number = "", etag = ""]) => ({ number: Number(number), etag }));
    const answer = this.#put(key, headers, () => this.uploads.assemble(uploadId, named));
    if (answer.status !== 200) return answer;
    this.uploads.remove(uploadId);
    return xmlAnswer(`<R><ETag>&quot;${this.objects.get(key)?.etag ?? ""}&quot;</ETag></R>`);
  }
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectAcl.html */
function aclText({ acl = "private" }: DoubleObject): string {
  const owner = "<Grant><Grantee><ID>owner</ID></Grantee><Permission>FULL_CONTROL</Permission></Grant>";
  const everyone = "<URI>http://acs.amazonaws.com/groups/global/AllUsers</URI>";
  const open = `<Grant><Grantee>${everyone}</Grantee><Permission>READ</Permission></Grant>`;
  const grants = acl.startsWith("public-read") ? owner + open : owner;
  return `<AccessControlPolicy><AccessControlList>${grants}</AccessControlList></AccessControlPolicy>`;
}

/** The checksums beside the signed one, as S3 compares them with the body. */
function digestFault(headers: Headers, body: Buffer): S3Fault | undefined {
  const checks = [
    ["content-md5", "md5"],
    ["x-amz-checksum-sha256", "sha256"],
  ] as const;
  const wrong = checks.find(([name, algorithm]) => {
    const said = headers[name];
    return said !== undefined && said !== createHash(algorithm).update(body).digest("base64");
  });
  if (wrong === undefined) return undefined;
  return { status: 400, code: "BadDigest", message: `${wrong[0]} is not that of the body.` };
}

const ENTITIES: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

function xmlDecoded(text: string): string {
  return text.replaceAll(/&(?:#(\d+)|(\w+));/g, (entity, code: string | undefined, name: string = "") =>
    code === undefined ? (ENTITIES[name] ?? entity) : String.fromCodePoint(Number(code)),
  );
}
