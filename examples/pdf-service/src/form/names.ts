import { randomUUID } from "node:crypto";

import { Refusal } from "../refusal.ts";

/** ASCII control characters, and those that turn the direction of text around. */
// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

/** The name of an uploaded file: a plain name, by which the page links to it. */
export function uploadName(name: string | undefined): string {
  if (name === undefined || name === "" || name.length > 255 || /^\.{1,2}$|[/\\]/.test(name) || UNSEEN.test(name)) {
    throw new Refusal("PDF_FILE_INVALID", `a file is called ${JSON.stringify((name ?? "").slice(0, 60))}`);
  }
  return name.normalize("NFC");
}

/**
 * The name that a PDF is saved under, from `Gotenberg-Output-Filename`, without its ending.
 *
 * @param header as Node gives it, one character a byte; the bytes are UTF-8
 */
export function outputName(header: string | undefined): string {
  if (header === undefined) return randomUUID();
  const name = Buffer.from(header, "latin1").toString("utf8");
  if (name === "" || name.length > 200 || name.includes("\uFFFD") || /[/\\]/.test(name) || UNSEEN.test(name)) {
    throw new Refusal("PDF_HEADER_INVALID", `Gotenberg-Output-Filename is ${JSON.stringify(name.slice(0, 60))}`);
  }
  return name.replace(/\.pdf$/i, "");
}

/** The request's id in logs and in the answer. */
export function traceOf(header: string | undefined): string {
  if (header === undefined) return randomUUID();
  if (!/^[\w.:-]{1,128}$/.test(header)) {
    throw new Refusal("PDF_HEADER_INVALID", `Gotenberg-Trace is ${JSON.stringify(header.slice(0, 60))}`);
  }
  return header;
}

/**
 * `Content-Disposition` of a file: a name for clients that know ASCII only, and the whole one in UTF-8.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6266#section-4.3
 */
export function contentDisposition(name: string): string {
  const plain = name.replaceAll(/[^\x20-\x7e]|["\\%]/g, "_");
  const escaped = encodeURIComponent(name).replaceAll(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${plain}"; filename*=UTF-8''${escaped}`;
}
