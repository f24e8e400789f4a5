import { endlessAnswer, TEXT_AT_MOST } from "../whole-body.ts";
import { notHttp, readAnswerHead, type AnswerHead } from "./answer-head.ts";

/** An answer that has been read to its end. */
export interface HttpAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Whether nothing stands against using its connection again. */
  readonly reusable: boolean;
}

/** As much as Node's own client takes by far. */
const HEAD_AT_MOST = 64 * 2 ** 10;

const CHUNK_LINE = /^0*([0-9a-f]{1,8})[\t ]*(?:;|$)/i;
const NO_BYTES = Buffer.alloc(0);
const LINE_END = "\r\n";

type Part = "head" | "body" | "chunk line" | "chunk" | "chunk end" | "trailer" | "whole";

/** Reads one answer out of the bytes of a connection, however they are cut. Interim answers (1xx) are passed over. */
export class AnswerReader {
  #part: Part = "head";
  #bytes: Buffer = NO_BYTES;
  #head: AnswerHead | undefined;
  /** Bytes of the body, or of its chunk, that have not come. */
  #left = 0;
  /** Bytes that have come, of whatever part. */
  #size = 0;
  readonly #body: Buffer[] = [];

  /** Each reads on; false where more bytes are needed, or none. */
  static readonly #steps: Readonly<Record<Part, (reader: AnswerReader) => boolean>> = {
    head: (reader) => reader.#readHead(),
    body: (reader) => reader.#readBody("whole"),
    "chunk line": (reader) => reader.#readLine((line) => reader.#beginChunk(line)),
    chunk: (reader) => reader.#readBody("chunk end"),
    "chunk end": (reader) => reader.#readLine((line) => reader.#endChunk(line)),
    trailer: (reader) => reader.#readLine((line) => reader.#endTrailer(line)),
    whole: () => false,
  };

  /**
   * Takes what has come; the answer once it is whole.
   *
   * @throws an error for what is no answer, and for one that is longer than any of S3's
   */
  take(bytes: Buffer): HttpAnswer | undefined {
    this.#size += bytes.length;
    if (this.#size > TEXT_AT_MOST) throw endlessAnswer();
    this.#bytes = this.#bytes.length === 0 ? bytes : Buffer.concat([this.#bytes, bytes]);
    while (AnswerReader.#steps[this.#part](this)) continue;
    return this.#part === "whole" ? this.#answer() : undefined;
  }

  /** Takes the end of the connection; the answer if that was its end too. */
  end(): HttpAnswer | undefined {
    return this.#part === "body" && this.#head?.framing.kind === "close" ? this.#answer() : undefined;
  }

  #readHead(): boolean {
    const text = this.#upTo(LINE_END + LINE_END, "head");
    if (text === undefined) return this.#mayBegin();
    const head = readAnswerHead(text);
    if (head.status === 101) throw notHttp("a change of protocol");
    if (head.status < 200) return true;
    this.#head = head;
    const { framing } = head;
    this.#part = framing.kind === "chunked" ? "chunk line" : "body";
    this.#left = framing.kind === "length" ? framing.bytes : Number.POSITIVE_INFINITY;
    return true;
  }

  /** What speaks another protocol may be waiting for us with no line end in sight. */
  #mayBegin(): boolean {
    const said = this.#bytes.toString("latin1", 0, "HTTP/1.".length);
    if (!"HTTP/1.".startsWith(said)) throw notHttp(said);
    return false;
  }

  #readBody(next: Part): boolean {
    const taken = this.#bytes.subarray(0, this.#left);
    this.#bytes = this.#bytes.subarray(taken.length);
    this.#left -= taken.length;
    if (taken.length > 0) this.#body.push(taken);
    if (this.#left > 0) return false;
    this.#part = next;
    return true;
  }

  #beginChunk(line: string): void {
    const [, size] = CHUNK_LINE.exec(line) ?? [];
    if (size === undefined) throw notHttp(line);
    this.#left = Number.parseInt(size, 16);
    this.#part = this.#left === 0 ? "trailer" : "chunk";
  }

  #endChunk(line: string): void {
    if (line !== "") throw notHttp(line);
    this.#part = "chunk line";
  }

  #endTrailer(line: string): void {
    if (line === "") this.#part = "whole";
  }

  #readLine(read: (line: string) => void): boolean {
    const line = this.#upTo(LINE_END, "line");
    if (line === undefined) return false;
    read(line);
    return true;
  }

  /** Takes what stands before a mark, and the mark; `undefined` while that has not come. */
  #upTo(mark: string, what: string): string | undefined {
    const end = this.#bytes.indexOf(mark);
    if ((end === -1 ? this.#bytes.length : end) > HEAD_AT_MOST) throw notHttp(`an endless ${what}`);
    if (end === -1) return undefined;
    const text = this.#bytes.toString("latin1", 0, end);
    this.#bytes = this.#bytes.subarray(end + mark.length);
    return text;
  }

  #answer(): HttpAnswer {
    const { status = 0, headers = {}, persistent = false } = this.#head ?? {};
    // What has come beyond the end was not asked for.
    const reusable = persistent && this.#bytes.length === 0;
    return { status, headers, body: Buffer.concat(this.#body).toString(), reusable };
  }
}
