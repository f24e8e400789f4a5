import { describe, expect, it } from "vitest";

import { s3Signer } from "../../src/store/s3-signature.ts";

const KEYS = {
  accessKeyId: "AKIAIOSFODNN7EXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
};
const AT = Date.UTC(2013, 4, 24);
const EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const host = "examplebucket.s3.amazonaws.com";

function signatureOf(authorization: string | undefined): string | undefined {
  return /Signature=([0-9a-f]{64})$/.exec(authorization ?? "")?.[1];
}

describe("a signature", () => {
  it.each([
    [
      "reading with a range",
      { method: "GET", path: "/test.txt", query: "", headers: { range: "bytes=0-9" } },
      EMPTY,
      "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
    ],
    [
      "writing",
      {
        method: "PUT",
        path: "/test%24file.text",
        query: "",
        headers: { date: "Fri, 24 May 2013 00:00:00 GMT", "x-amz-storage-class": "REDUCED_REDUNDANCY" },
      },
      "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072",
      "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
    ],
    [
      "a query without a value",
      { method: "GET", path: "/", query: "lifecycle=", headers: {} },
      EMPTY,
      "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
    ],
    [
      "listing",
      { method: "GET", path: "/", query: "max-keys=2&prefix=J", headers: {} },
      EMPTY,
      "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
    ],
  ])("for %s is that of the AWS documentation", (_, request, digest, signature) => {
    const headers = { ...request.headers, host, "x-amz-content-sha256": digest };
    const signed = s3Signer("us-east-1")({ ...request, headers }, KEYS, AT);
    expect(signatureOf(signed["authorization"])).toBe(signature);
    expect(signed["x-amz-date"]).toBe("20130524T000000Z");
  });

  it("has the key of its day, its secret and its region, in any order", () => {
    const request = { method: "GET", path: "/", query: "", headers: { host, "x-amz-content-sha256": EMPTY } };
    const one = s3Signer("us-east-1");
    const ways = [AT, AT + 86_400_000].flatMap((at) =>
      [KEYS, { ...KEYS, secretAccessKey: "other" }].map((keys) => ({ keys, at })),
    );
    const alone = ways.map(({ keys, at }) => s3Signer("us-east-1")(request, keys, at)["authorization"]);
    expect([...ways, ...ways].map(({ keys, at }) => one(request, keys, at)["authorization"])).toEqual([
      ...alone,
      ...alone,
    ]);
    expect(new Set(alone.map(signatureOf)).size).toBe(4);
    expect(s3Signer("eu-west-1")(request, KEYS, AT)["authorization"]).not.toBe(alone[0]);
  });

  it("covers a session's token, and no header that a proxy may change", () => {
    const headers = { host, "x-amz-content-sha256": EMPTY, "cache-control": "no-store" };
    const request = { method: "PUT", path: "/a", query: "", headers };
    const signed = s3Signer("us-east-1")(request, { ...KEYS, sessionToken: "token" }, AT);
    expect(signed["x-amz-security-token"]).toBe("token");
    expect(signed["cache-control"]).toBe("no-store");
    const names = "SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-security-token,";
    expect(signed["authorization"]).toContain(names);
  });
});
