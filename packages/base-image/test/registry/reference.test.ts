import { assert, property, constantFrom, option, stringMatching, tuple } from "fast-check";
import { describe, expect, it } from "vitest";

import { parseReference, referenceName } from "../../src/registry/reference.ts";

const DIGEST = `sha256:${"a1".repeat(32)}`;

describe("the name of an image", () => {
  it.each([
    ["ruby", { registry: "docker.io", repository: "library/ruby", tag: "latest" }],
    ["ruby:3.3-slim", { registry: "docker.io", repository: "library/ruby", tag: "3.3-slim" }],
    ["me/app:1", { registry: "docker.io", repository: "me/app", tag: "1" }],
    ["docker.io/me/app:1", { registry: "docker.io", repository: "me/app", tag: "1" }],
    ["index.docker.io/me/app:1", { registry: "docker.io", repository: "me/app", tag: "1" }],
    ["localhost/app", { registry: "localhost", repository: "app", tag: "latest" }],
    ["127.0.0.1:5000/a/b:c", { registry: "127.0.0.1:5000", repository: "a/b", tag: "c" }],
    ["[::1]:5000/a:c", { registry: "[::1]:5000", repository: "a", tag: "c" }],
    [
      "1.dkr.ecr.eu-west-1.amazonaws.com/a__b:c",
      { registry: "1.dkr.ecr.eu-west-1.amazonaws.com", repository: "a__b", tag: "c" },
    ],
    [`ruby@${DIGEST}`, { registry: "docker.io", repository: "library/ruby", digest: DIGEST }],
    [`ghcr.io/a/b:1@${DIGEST}`, { registry: "ghcr.io", repository: "a/b", tag: "1", digest: DIGEST }],
  ])("%s is read as Docker reads it", (text, reference) => expect(parseReference(text)).toEqual(reference));

  it.each([
    ["", "repository"],
    ["Ruby", "repository"],
    ["a//b", "repository"],
    ["a/b/", "repository"],
    ["me/app:", "tag"],
    [`app:${"x".repeat(129)}`, "tag"],
    ["app:-x", "tag"],
    ["app:a b", "tag"],
    ["app@sha256:12", "digest"],
    [`app@${DIGEST}@${DIGEST}`, "digest"],
    ["-bad.example.com/app", "registry"],
    ["host:port/app", "registry"],
  ])("%j is refused for its %s", (text, part) => {
    expect(() => parseReference(text)).toThrow(
      expect.objectContaining({
        code: "BASE_IMAGE_INVALID_VALUE",
        message: expect.stringContaining(`the ${part} of the image name`),
      }),
    );
  });

  it("comes back from its short form", () => {
    const names = tuple(
      constantFrom("", "ghcr.io/", "localhost:5000/", "127.0.0.1:5000/"),
      stringMatching(/^[a-z0-9]{1,5}(\/[a-z0-9]{1,5}){0,2}$/),
      option(stringMatching(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,20}$/)),
    );
    assert(
      property(names, ([host, path, tag]) => {
        const text = `${host}${path}${tag === null ? "" : `:${tag}`}`;
        const reference = parseReference(text);
        expect(parseReference(referenceName(reference))).toEqual(reference);
      }),
    );
  });
});
