import { createHash } from "node:crypto";

import { makeObject, type DoubleObject } from "./object-table.ts";
import type { S3Fault } from "./signature.ts";

interface Upload {
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly parts: Map<number, Buffer>;
}

/** Uploads in parts that are neither completed nor aborted. */
export class MultipartTable {
  readonly #uploads = new Map<string, Upload>();
  #last = 0;

  /** Keys with an upload under way. */
  keys(): readonly string[] {
    return [...this.#uploads.values()].map(({ key }) => key);
  }

  create(key: string, headers: Readonly<Record<string, string>>): string {
    this.#last += 1;
    const id = `upload-${this.#last}`;
    this.#uploads.set(id, { key, headers, parts: new Map() });
    return id;
  }

  /** Keeps a part and says its entity tag; undefined when there is no such upload. */
  part(id: string, number: number, body: Buffer): string | undefined {
    const upload = this.#uploads.get(id);
    upload?.parts.set(number, body);
    return upload === undefined ? undefined : md5(body).toString("hex");
  }

  /** The object that the named parts make, or what is wrong with them. */
  assemble(id: string, named: readonly { readonly number: number; readonly etag: string }[]): DoubleObject | S3Fault {
    const upload = this.#uploads.get(id);
    if (upload === undefined) return NO_UPLOAD;
    const bodies = named.map(({ number }) => upload.parts.get(number));
    const parts = bodies.filter((body) => body !== undefined);
    const wrong =
      parts.length < named.length || parts.some((body, at) => md5(body).toString("hex") !== named[at]?.etag);
    if (wrong) return { status: 400, code: "InvalidPart", message: "A part is missing or another one." };
    if (parts.slice(0, -1).some((body) => body.length < LEAST_PART)) {
      return { status: 400, code: "EntityTooSmall", message: "A part is too small." };
    }
    const etag = `${md5(Buffer.concat(parts.map((body) => md5(body)))).toString("hex")}-${parts.length}`;
    return { ...makeObject(Buffer.concat(parts), upload.headers), etag };
  }

  /** Forgets an upload; says whether there was one. */
  remove(id: string): boolean {
    return this.#uploads.delete(id);
  }
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
const LEAST_PART = 5 * 1024 * 1024;

export const NO_UPLOAD: S3Fault = { status: 404, code: "NoSuchUpload", message: "There is no such upload." };

function md5(bytes: Buffer): Buffer {
  return createHash("md5").update(bytes).digest();
}
