import { createHash } from "node:crypto";

import { sha256 } from "../scan/digest.ts";
import { element } from "./failed-request.ts";
import type { WireRequest } from "./s3-wire.ts";
import type { KeptObject } from "./store.ts";

/** Makes a request as often as it takes and gives the body of its answer. */
export type Ask = (request: WireRequest) => Promise<string>;

/** What XML 1.0 has no way to write: https://www.w3.org/TR/xml/#charsets */
// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const UNWRITABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;

/**
 * Deletes objects below `prefix` in one request, and those whose names cannot be written in one of their own.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html
 */
export async function deleteObjects(keys: readonly string[], prefix: string, ask: Ask): Promise<readonly KeptObject[]> {
  const writable = keys.filter((key) => !UNWRITABLE.test(key));
  const kept = writable.length === 0 ? [] : keptObjects(await ask(bulkDelete(writable, prefix)), prefix);
  for (const key of keys) if (UNWRITABLE.test(key)) await ask({ method: "DELETE", key: prefix + key });
  return kept;
}

function bulkDelete(keys: readonly string[], prefix: string): WireRequest {
  const rows = keys.map((key) => `<Object><Key>${escaped(prefix + key)}</Key></Object>`).join("");
  const namespace = "http://s3.amazonaws.com/doc/2006-03-01/";
  const body = Buffer.from(`<Delete xmlns="${namespace}"><Quiet>true</Quiet>${rows}</Delete>`);
  // Every S3 asks for this checksum here, and some know no other.
  const headers = { "content-md5": createHash("md5").update(body).digest("base64"), "content-type": "application/xml" };
  return { method: "POST", key: "", query: { delete: "" }, headers, content: { body, sha256: sha256(body) } };
}

function keptObjects(xml: string, prefix: string): readonly KeptObject[] {
  return [...xml.matchAll(/<Error>(.*?)<\/Error>/gs)].map(([, row = ""]) => {
    const reason = [element(row, "Code"), element(row, "Message")].filter((part) => part !== undefined).join(": ");
    return { key: (element(row, "Key") ?? "").slice(prefix.length), reason };
  });
}

function escaped(text: string): string {
  return text.replaceAll(/[&<>"'\r\n\t]/g, (letter) => `&#${letter.charCodeAt(0)};`);
}
