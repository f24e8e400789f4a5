import { describe, expect, it } from "vitest";

import { parseTarget } from "../../src/config/target.ts";
import { S3AnswerError } from "../../src/store/failed-request.ts";
import { s3Failure } from "../../src/store/s3-failure.ts";

const SECRET = "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY01";

/** What is made of an answer to a request that was signed with this access key. */
function failureOf(status: number, code: string, message: string, accessKeyId: string): unknown {
  const target = parseTarget("s3://shop-assets", { endpoint: "http://store.example" });
  if (target.kind !== "s3") throw new Error("not an S3 target");
  const body = `<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  return s3Failure(new S3AnswerError(status, {}, body), "Reading", "a.css", { target, accessKeyId });
}

describe("an answer to requests that were signed with a secret in place of the access key", () => {
  it.each([
    [403, "AccessDenied", `No such key: ${SECRET}`, "ASSET_SYNC_ACCESS_DENIED"],
    [403, "InvalidAccessKeyId", `${SECRET} is not ${SECRET}`, "ASSET_SYNC_CREDENTIALS_REFUSED"],
  ])("shows the end of it at most: %i %s", (status, name, said, code) => {
    const failure = failureOf(status, name, said, SECRET);
    const message = expect.stringContaining("an access key that ends in EY01");
    expect(failure).toMatchObject({ code, message });
    expect(String(failure)).not.toContain(SECRET.slice(0, 10));
  });

  it.each([
    ["InvalidArgument", "Credential access key has length 40, should be 32"],
    [
      "AuthorizationHeaderMalformed",
      "The authorization header is malformed; the Credential is mal-formed; expecting x",
    ],
  ])("is about the access key, and not about options or the region: %s", (name, said) => {
    expect(failureOf(400, name, said, SECRET)).toMatchObject({
      code: "ASSET_SYNC_CREDENTIALS_REFUSED",
      hint: expect.stringContaining("Check key"),
    });
  });

  it("with a slash is about the access key too, where Ceph says nothing more", () => {
    const code = "ASSET_SYNC_CREDENTIALS_REFUSED";
    expect(failureOf(400, "InvalidArgument", "", `${SECRET}/`)).toMatchObject({ code });
  });

  it.each([
    ["InvalidArgument", "Invalid storage class", "ASSET_SYNC_STORE_FAILED"],
    [
      "AuthorizationHeaderMalformed",
      "the region 'us-east-1' is wrong; expecting 'eu-west-1'",
      "ASSET_SYNC_REGION_WRONG",
    ],
  ])("is about something else: %s, %s", (name, said, code) => {
    expect(failureOf(400, name, said, SECRET)).toMatchObject({ code });
  });

  it("keeps what a server says of an access key", () => {
    for (const id of ["AKIASHOP", "admin"]) {
      const message = expect.stringContaining(`No such key: ${id}`);
      expect(failureOf(403, "AccessDenied", `No such key: ${id}`, id)).toMatchObject({ message });
    }
  });
});
