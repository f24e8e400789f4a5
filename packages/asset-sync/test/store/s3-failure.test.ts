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

  it("of Cloudflare R2 is about the access key, and not about options", () => {
    const message = "Credential access key has length 40, should be 32";
    expect(failureOf(400, "InvalidArgument", message, SECRET)).toMatchObject({
      code: "ASSET_SYNC_CREDENTIALS_REFUSED",
      hint: expect.stringContaining("Check key"),
    });
    expect(failureOf(400, "InvalidArgument", "Invalid storage class", "AKIA1")).toMatchObject({
      code: "ASSET_SYNC_STORE_FAILED",
      hint: expect.stringContaining("--storage-class"),
    });
  });

  it("keeps what a server says of an access key", () => {
    const message = expect.stringContaining("No such key: AKIASHOP");
    expect(failureOf(403, "AccessDenied", "No such key: AKIASHOP", "AKIASHOP")).toMatchObject({ message });
  });
});
