import { describe, expect, it } from "vitest";

import { forwardedHeaders } from "../src/egress/hop-headers.ts";
import { contentDisposition, outputName, traceOf, uploadName } from "../src/form/names.ts";

/** Text as Node gives it from a header: a character a byte. */
const asHeader = (text: string): string => Buffer.from(text, "utf8").toString("latin1");

describe("names of uploaded files", () => {
  it.each(["index.html", "写真.png", "a b.css", "..a", "e\u0301.png"])("may be %s", (name) => {
    expect(uploadName(name)).toBe(name.normalize("NFC"));
  });

  it.each([
    undefined,
    "",
    ".",
    "..",
    "../a",
    "a/b",
    String.raw`a\b`,
    "/etc/passwd",
    "a\u0000b",
    "a\nb",
    "a\u202Egnp.html",
    "x".repeat(256),
  ])("are refused when they are %j", (name) => {
    expect(() => uploadName(name)).toThrow(expect.objectContaining({ code: "PDF_FILE_INVALID" }));
  });
});

describe("the name of the PDF", () => {
  it.each([
    ["cv", "cv"],
    ["cv.pdf", "cv"],
    ["履歴書", "履歴書"],
  ])("%s is %s", (header, name) => {
    expect(outputName(asHeader(header))).toBe(name);
  });

  it.each(["", "../cv", "a/b", "a\tb", "x".repeat(201)])("is refused when it is %j", (header) => {
    expect(() => outputName(asHeader(header))).toThrow(expect.objectContaining({ code: "PDF_HEADER_INVALID" }));
  });

  it("is refused when it is no UTF-8", () => {
    expect(() => outputName("\u00E9")).toThrow(expect.objectContaining({ code: "PDF_HEADER_INVALID" }));
  });

  it.each([
    ["cv.pdf", `attachment; filename="cv.pdf"; filename*=UTF-8''cv.pdf`],
    ["履歴.pdf", `attachment; filename="__.pdf"; filename*=UTF-8''%E5%B1%A5%E6%AD%B4.pdf`],
    [`a"; x="b'.pdf`, `attachment; filename="a_; x=_b'.pdf"; filename*=UTF-8''a%22%3B%20x%3D%22b%27.pdf`],
  ])("is sent as RFC 6266 has it: %s", (name, header) => {
    expect(contentDisposition(name)).toBe(header);
  });
});

describe("traces", () => {
  it("are kept, or made", () => {
    expect(traceOf("req-1:a.b_c")).toBe("req-1:a.b_c");
    expect(traceOf(undefined)).toMatch(/^[\da-f-]{36}$/);
  });

  it.each(["", "a b", "a\nb", '"}{"', "x".repeat(129)])("are refused when they are %j", (header) => {
    expect(() => traceOf(header)).toThrow(expect.objectContaining({ code: "PDF_HEADER_INVALID" }));
  });
});

describe("headers that a proxy passes on", () => {
  it("are those that do not belong to the connection", () => {
    const raw = [
      "Host",
      "a",
      "Connection",
      "X-Hop, close",
      "X-Hop",
      "1",
      "Proxy-Authorization",
      "b",
      "Set-Cookie",
      "c",
      "Set-Cookie",
      "d",
    ];
    expect(forwardedHeaders(raw)).toEqual(["Host", "a", "Set-Cookie", "c", "Set-Cookie", "d"]);
  });
});
