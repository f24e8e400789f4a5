import { describe, expect, it } from "vitest";

import { checksumHeader, checksumKind } from "../../src/store/put-headers.ts";

const PUT = {
  body: Buffer.from("hello"),
  sha256: "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824",
};

describe("the checksum of an upload", () => {
  it.each([
    ["AWS", undefined, false, { "x-amz-checksum-sha256": "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=" }],
    ["a server of any kind", "https://s3.example", false, { "content-md5": "XUFAKrxLKna5cZ2REBfFkg==" }],
    ["Ceph, which compares the signed digest", "https://s3.example", true, {}],
  ] as const)("is for %s what it compares with the bytes before it stores them", (_, endpoint, isCeph, headers) => {
    expect(checksumHeader(checksumKind(endpoint, isCeph), PUT)).toEqual(headers);
  });
});
