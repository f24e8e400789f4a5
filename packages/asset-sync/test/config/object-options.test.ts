import { describe, expect, it } from "vitest";

import { objectOptions, type ObjectFlags } from "../../src/config/object-options.ts";
import { parseTarget } from "../../src/config/target.ts";

const BUCKET = parseTarget("s3://shop");
const FOLDER = parseTarget("file:///srv/store");

describe("what objects get beside bytes and headers", () => {
  it("is nothing unless it is said, no ACL in particular", () => {
    expect(objectOptions({}, {}, BUCKET)).toEqual({});
    expect(objectOptions({}, {}, FOLDER)).toEqual({});
  });

  it("is what flags say, and the file where they say nothing", () => {
    const file = { acl: "private", storageClass: "STANDARD_IA", tags: { team: "web" }, sse: "AES256" };
    expect(objectOptions({ acl: "public-read", tag: ["app=shop", "note=a=b"] }, file, BUCKET)).toEqual({
      acl: "public-read",
      storageClass: "STANDARD_IA",
      tags: { app: "shop", note: "a=b" },
      encryption: { algorithm: "AES256" },
    });
    expect(objectOptions({ sse: "aws:kms", sseKmsKeyId: "key-1" }, {}, BUCKET)).toEqual({
      encryption: { algorithm: "aws:kms", keyId: "key-1" },
    });
  });

  it.each<readonly [ObjectFlags, RegExp]>([
    [{ acl: "public-raed" }, /did you mean public-read\?/],
    [{ sse: "AES265" }, /did you mean AES256\?/],
    [{ sseKmsKeyId: "key-1" }, /without --sse aws:kms/],
    [{ sse: "AES256", sseKmsKeyId: "key-1" }, /without --sse aws:kms/],
    [{ storageClass: "standard" }, /STANDARD_IA/],
    [{ storageClass: "DEEP_ARCHIVE" }, /cannot be served/],
    [{ tag: ["app"] }, /NAME=VALUE/],
    [{ tag: ["a=1", "a=2"] }, /given twice/],
    [{ tag: Array.from({ length: 11 }, (_, n) => `t${n}=1`) }, /S3 takes 10/],
  ])("is refused as %j", (flags, message) => {
    expect(() => objectOptions(flags, {}, BUCKET)).toThrow(message);
  });

  it("takes a tag by the name of what every object has", () => {
    expect(objectOptions({ tag: ["constructor=x"] }, {}, BUCKET)).toEqual({ tags: { constructor: "x" } });
  });

  it("is refused for a folder, which has no place for it", () => {
    expect(() => objectOptions({ storageClass: "STANDARD_IA" }, {}, FOLDER)).toThrow(/--storage-class is given/);
    expect(() => objectOptions({}, { acl: "private" }, FOLDER)).toThrow(/--acl is given/);
  });
});
