import { describe, expect, it } from "vitest";

import { messageHead } from "../../../src/store/http/message-head.ts";

const head = (path: string, headers: Readonly<Record<string, string>>): string =>
  messageHead({ method: "PUT", path, headers });

describe("the head of a message", () => {
  it("has its lines in order", () => {
    expect(head("/b/a%20b?x=1", { host: "h", "x-amz-meta-a": "é, \tb" })).toBe(
      "PUT /b/a%20b?x=1 HTTP/1.1\r\nhost: h\r\nx-amz-meta-a: é, \tb\r\nconnection: keep-alive\r\n\r\n",
    );
  });

  it.each([
    ["a line in a value", "/a", "x", "1\r\ny: 2"],
    ["half a line end", "/a", "x", "1\n"],
    ["a NUL", "/a", "x", "\0"],
    ["a letter beyond Latin-1", "/a", "x", "猫"],
    ["a line in a name", "/a", "x: 1\r\ny", "2"],
    ["no name", "/a", "", "2"],
    ["a space in a path", "/a b", "x", "1"],
    ["a line in a path", "/a\r\nx: y", "x", "1"],
    ["a letter beyond ASCII in a path", "/é", "x", "1"],
  ])("lets nothing end its line: %s", (_, path, name, value) => {
    expect(() => head(path, { [name]: value })).toThrow(TypeError);
  });
});
