import { once } from "node:events";
import { request } from "node:http";
import { createServer, type AddressInfo } from "node:net";

import { array, asyncProperty, assert, boolean, constantFrom, integer, record, string } from "fast-check";
import { describe, expect, it } from "vitest";

import { AnswerReader, type HttpAnswer } from "../../../src/store/http/answer-reader.ts";

const lines = (...text: readonly string[]): string => text.join("\r\n");

/** A reader to which the beginning of an answer has come. */
function begun(...text: readonly string[]): AnswerReader {
  const reader = new AnswerReader();
  reader.take(Buffer.from(lines(...text)));
  return reader;
}

interface Whole {
  readonly what: string;
  readonly sent: string;
  readonly answer: Partial<HttpAnswer>;
}

const WHOLE: readonly Whole[] = [
  {
    what: "a stored object",
    sent: lines("HTTP/1.1 200 OK", 'ETag: "9b2c"', "Content-Length: 0", "Connection: Keep-Alive", "", ""),
    answer: { status: 200, body: "", reusable: true },
  },
  {
    what: "no reason, no headers of ours",
    sent: lines("HTTP/1.1 204", "", ""),
    answer: { status: 204, reusable: true },
  },
  {
    what: "a body by its length",
    sent: lines("HTTP/1.1 412 Precondition Failed", "content-length:5 ", "", "<Err>"),
    answer: { status: 412, body: "<Err>", reusable: true },
  },
  {
    what: "chunks, with extensions, a trailer, letters of both cases and sizes filled up with zeros",
    sent: lines(
      "HTTP/1.1 200 OK",
      "Transfer-Encoding: Chunked",
      "",
      "3;a=b",
      "<a>",
      "00000000000A ",
      "0123456789",
      "0",
      "x: y",
      "",
      "",
    ),
    answer: { status: 200, body: "<a>0123456789", reusable: true },
  },
  {
    what: "interim answers before it",
    sent: lines(
      "HTTP/1.1 100 Continue",
      "",
      "HTTP/1.1 103 Early Hints",
      "link: x",
      "",
      "HTTP/1.1 200 OK",
      "content-length: 1",
      "",
      "x",
    ),
    answer: { status: 200, body: "x", reusable: true },
  },
  {
    what: "a length said twice alike",
    sent: lines("HTTP/1.1 200 OK", "content-length: 1", "content-length: 1", "", "x"),
    answer: { body: "x", headers: expect.objectContaining({ "content-length": "1, 1" }), reusable: true },
  },
  {
    what: "a connection that is closed after it",
    sent: lines("HTTP/1.1 503 Slow", "connection: Close", "content-length: 0", "", ""),
    answer: { status: 503, reusable: false },
  },
  { what: "HTTP/1.0", sent: lines("HTTP/1.0 200 OK", "content-length: 0", "", ""), answer: { reusable: false } },
  {
    what: "HTTP/1.0 that stays",
    sent: lines("HTTP/1.0 200 OK", "connection: keep-alive", "content-length: 0", "", ""),
    answer: { reusable: true },
  },
];

describe("an answer", () => {
  it.each(WHOLE)("is read however it is cut: $what", ({ sent, answer }) => {
    const bytes = Buffer.from(sent, "latin1");
    for (let at = 0; at <= bytes.length; at += 1) {
      const reader = new AnswerReader();
      const first = reader.take(bytes.subarray(0, at));
      expect(first ?? reader.take(bytes.subarray(at))).toMatchObject(answer);
    }
    const reader = new AnswerReader();
    const answers = [...bytes].map((byte) => reader.take(Buffer.from([byte])));
    expect(answers.filter((one) => one !== undefined)).toMatchObject([answer]);
  });

  it("without a length ends with its connection, and only such a one", () => {
    const reader = new AnswerReader();
    expect(reader.take(Buffer.from(lines("HTTP/1.1 200 OK", "", "abc")))).toBe(undefined);
    expect(reader.end()).toMatchObject({ status: 200, body: "abc", reusable: false });
    const cut = new AnswerReader();
    cut.take(Buffer.from(lines("HTTP/1.1 200 OK", "content-length: 4", "", "abc")));
    expect(cut.end()).toBe(undefined);
    expect(new AnswerReader().end()).toBe(undefined);
  });

  it("with more bytes than it has leaves no connection to be used again", () => {
    const sent = lines("HTTP/1.1 200 OK", "content-length: 0", "", "HTTP/1.1 200 OK");
    expect(new AnswerReader().take(Buffer.from(sent))).toMatchObject({ status: 200, reusable: false });
  });
});

describe("what is no answer of HTTP/1.1", () => {
  it.each([
    ["another protocol", "SSH-2.0-OpenSSH_9.2\r\n"],
    ["another protocol, without a line end", "RFB"],
    ["HTTP/2", lines("HTTP/2 200", "", "")],
    ["a status of two digits", lines("HTTP/1.1 20 OK", "", "")],
    ["a status beyond them", lines("HTTP/1.1 600 OK", "", "")],
    ["another protocol asked for", lines("HTTP/1.1 101 Switching Protocols", "", "")],
    ["a folded line", lines("HTTP/1.1 200 OK", "a: b", " c", "", "")],
    ["a line without a colon", lines("HTTP/1.1 200 OK", "nonsense", "", "")],
    ["a space in a name", lines("HTTP/1.1 200 OK", "content-length : 5", "", "")],
    ["two lengths", lines("HTTP/1.1 200 OK", "content-length: 5", "content-length: 6", "", "")],
    ["a length below nothing", lines("HTTP/1.1 200 OK", "content-length: -5", "", "")],
    ["a length beside chunks", lines("HTTP/1.1 200 OK", "transfer-encoding: chunked", "content-length: 5", "", "")],
    ["another coding", lines("HTTP/1.1 200 OK", "transfer-encoding: gzip, chunked", "", "")],
    ["a chunk without a size", lines("HTTP/1.1 200 OK", "transfer-encoding: chunked", "", "xyz", "")],
    ["a chunk longer than it says", lines("HTTP/1.1 200 OK", "transfer-encoding: chunked", "", "1", "ab", "")],
  ])("is refused with a code: %s", (_, sent) => {
    expect(() => new AnswerReader().take(Buffer.from(sent))).toThrow(expect.objectContaining({ code: "NOT_HTTP" }));
  });

  it("is refused without an end: head, line of a chunk", () => {
    const long = Buffer.alloc(70_000, "x");
    expect(() => begun("HTTP/1.1 200 OK", "a: ").take(long)).toThrow("an endless head");
    expect(() => begun("HTTP/1.1 200 OK", "transfer-encoding: chunked", "", "1;").take(long)).toThrow(
      "an endless line",
    );
  });

  it.each([
    ["a body", begun("HTTP/1.1 200 OK", "", ""), "x"],
    ["interim answers", new AnswerReader(), lines("HTTP/1.1 100 Continue", "", "")],
    [
      "extensions of chunks",
      begun("HTTP/1.1 200 OK", "transfer-encoding: chunked", "", ""),
      lines(`1;${"a".repeat(999)}`, "x", ""),
    ],
    [
      "a trailer",
      begun("HTTP/1.1 200 OK", "transfer-encoding: chunked", "", "0", ""),
      lines(`a: ${"b".repeat(999)}`, ""),
    ],
  ])("is refused without an end: %s", (_, reader, more) => {
    const mebibyte = Buffer.from(more.repeat(2 ** 20 / more.length + 1));
    expect(() => Array.from({ length: 17 }, () => reader.take(mebibyte))).toThrow("goes on after 16777216 bytes");
  });
});

interface Given {
  readonly status: number;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly body: Buffer;
  readonly framing: string;
  readonly chunk: number;
  readonly interim: boolean;
}

function wireBytes({ status, headers, body, framing, chunk, interim }: Given): Buffer {
  const isEmpty = status === 204;
  const framed = { length: [`Content-Length: ${body.length}`], chunked: ["Transfer-Encoding: chunked"], close: [] }[
    framing
  ];
  const head = lines(
    ...(interim ? ["HTTP/1.1 100 Continue", ""] : []),
    `HTTP/1.1 ${status} Any reason`,
    ...headers.map((header) => `${header.name}: ${header.value}`),
    ...(isEmpty ? [] : (framed ?? [])),
    "",
    "",
  );
  if (isEmpty) return Buffer.from(head, "latin1");
  return Buffer.concat([Buffer.from(head, "latin1"), ...(framing === "chunked" ? inChunks(body, chunk) : [body])]);
}

function inChunks(body: Buffer, size: number): readonly Buffer[] {
  const chunks: Buffer[] = [];
  for (let at = 0; at < body.length; at += size) {
    const piece = body.subarray(at, at + size);
    chunks.push(Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from("\r\n"));
  }
  return [...chunks, Buffer.from("0\r\n\r\n")];
}

async function nodesAnswer(port: number): Promise<object> {
  const asked = request({ port, host: "127.0.0.1", agent: false }).end();
  const [answer] = await once(asked, "response");
  const body: Buffer[] = [];
  for await (const piece of answer) body.push(piece);
  return { status: answer.statusCode, body: Buffer.concat(body).toString(), headers: { ...answer.headers } };
}

describe("Node's own client", () => {
  const value = string({
    unit: constantFrom("a", "b", " ", ",", ";", "=", '"', "é", "\u00FF", "\t"),
    maxLength: 12,
  }).map((text) => text.trim());
  const answers = record({
    status: integer({ min: 200, max: 599 }).filter((status) => status !== 304),
    headers: array(
      record({ name: constantFrom("ETag", "Location", "Retry-After", "x-amz-id", "Date", "Via"), value }),
      { maxLength: 4 },
    ),
    body: string({ unit: "binary", maxLength: 60 }).map((text) => Buffer.from(text.toWellFormed())),
    framing: constantFrom("length", "chunked", "close"),
    chunk: integer({ min: 1, max: 20 }),
    cut: integer({ min: 1, max: 50 }),
    interim: boolean(),
  });

  it("reads the same out of the same bytes", async () => {
    let bytes: Buffer = Buffer.alloc(0);
    const server = createServer((socket) => socket.once("data", () => socket.end(bytes)).on("error", () => undefined));
    await once(server.listen(0, "127.0.0.1"), "listening");
    const { port } = server.address() as AddressInfo;
    const compare = asyncProperty(answers, async (given) => {
      bytes = wireBytes(given);
      const reader = new AnswerReader();
      let ours: HttpAnswer | undefined;
      for (let at = 0; at < bytes.length; at += given.cut) ours ??= reader.take(bytes.subarray(at, at + given.cut));
      ours ??= reader.end();
      const theirs = await nodesAnswer(port);
      expect({ status: ours?.status, body: ours?.body, headers: { ...ours?.headers } }).toEqual(theirs);
    });
    await assert(compare, { numRuns: 300 });
    server.close();
  });
});
