import type { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

import { Busboy, type BusboyHeaders } from "@fastify/busboy";

import { Refusal } from "../refusal.ts";
import { within } from "../within.ts";
import { uploadName } from "./names.ts";

/** A form as it was sent. */
export interface Form {
  readonly fields: readonly (readonly [string, string])[];
  /** Uploaded files by name. */
  readonly files: ReadonlyMap<string, Buffer>;
}

/** What one body may take. */
export interface BodyLimits {
  readonly bodyBytes: number;
  /** Takes bytes out of what all bodies share; false when there are none left. */
  readonly hold: (bytes: number) => boolean;
  readonly signal: AbortSignal;
}

const PARTS = { files: 500, fields: 100, parts: 601, fieldNameSize: 100, fieldSize: 65_536, headerPairs: 20 };

/** Reads a multipart body into memory. Throws a {@link Refusal}, or the signal's reason. */
export async function readForm(request: IncomingMessage, limits: BodyLimits): Promise<Form> {
  const { "content-type": type = "", "content-length": declared = "0" } = request.headers;
  if (!/^multipart\/form-data\s*;/i.test(type)) {
    throw new Refusal("PDF_BODY_NOT_A_FORM", `the Content-Type is ${JSON.stringify(type.slice(0, 60))}`);
  }
  if (Number(declared) > limits.bodyBytes) throw tooLarge(limits);
  const fields: (readonly [string, string])[] = [];
  const files = new Map<string, Buffer>();
  const faults: Refusal[] = [];
  const parser = makeParser({ ...request.headers, "content-type": type });
  const keep = (fault: Refusal): void => void faults.push(fault);
  parser.on("field", (name, value, nameCut, valueCut) => {
    if (nameCut || valueCut) keep(new Refusal("PDF_FIELD_INVALID", `the field ${name} is longer than 64 KiB`));
    fields.push([name, value]);
  });
  parser.on("file", (_field, stream, name) => collectFile({ files, stream, name, keep }));
  for (const limit of ["partsLimit", "filesLimit", "fieldsLimit"] as const) {
    parser.on(limit, () => keep(new Refusal("PDF_BODY_NOT_A_FORM", "the form has too many parts")));
  }
  // a body that stops coming would keep the pipeline waiting, whatever its signal
  await within(limits.signal, pipeline(counted(request, limits), parser)).catch((error: unknown) => {
    if (error instanceof Refusal) throw error;
    throw new Refusal("PDF_BODY_NOT_A_FORM", `the body cannot be read: ${String(error)}`, { cause: error });
  });
  const [fault] = faults;
  if (fault !== undefined) throw fault;
  return { fields, files };
}

function makeParser(headers: BusboyHeaders): Busboy {
  try {
    // whole paths, so that they are refused and not cut
    return new Busboy({
      headers,
      limits: PARTS,
      preservePath: true,
      isPartAFile: (_name, _type, file) => file !== undefined,
    });
  } catch (error) {
    throw new Refusal("PDF_BODY_NOT_A_FORM", `the Content-Type cannot be read: ${String(error)}`, { cause: error });
  }
}

type Busboy = InstanceType<typeof Busboy>;

interface FilePart {
  readonly files: Map<string, Buffer>;
  readonly stream: Readable;
  readonly name: string;
  readonly keep: (fault: Refusal) => void;
}

/** Whatever is wrong with a file, its stream is read: the parser would wait for it. */
function collectFile({ files, stream, name, keep }: FilePart): void {
  const chunks: Buffer[] = [];
  stream.on("data", (chunk: Buffer) => void chunks.push(chunk));
  stream.on("error", () => undefined);
  stream.on("end", () => {
    try {
      const plain = uploadName(name);
      if (files.has(plain)) keep(new Refusal("PDF_FILE_INVALID", `two files are called ${JSON.stringify(plain)}`));
      files.set(plain, Buffer.concat(chunks));
    } catch (error) {
      keep(error as Refusal);
    }
  });
}

async function* counted(request: IncomingMessage, limits: BodyLimits): AsyncGenerator<Buffer> {
  let total = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    total += chunk.length;
    if (total > limits.bodyBytes) throw tooLarge(limits);
    if (!limits.hold(chunk.length)) {
      throw new Refusal("PDF_MEMORY_FULL", "the bodies of other requests fill the memory kept for them");
    }
    yield chunk;
  }
}

function tooLarge({ bodyBytes }: BodyLimits): Refusal {
  return new Refusal("PDF_BODY_TOO_LARGE", `the body is larger than ${bodyBytes / 1e6} MB`);
}
