import { join } from "node:path";

import { tempTree } from "@slipway/testkit";
import { describe, expect, it } from "vitest";

import type { Environment } from "../../src/config/environment.ts";
import { resolveTarget } from "../../src/config/options.ts";
import { missingKey } from "../../src/config/shared-credentials.ts";
import { AssetSyncError } from "../../src/errors.ts";

const ID = "aws_access_key_id = AKIAVALUE1";
const SECRET = "aws_secret_access_key = s3cretVALUE2";

describe("the key pair of a profile", () => {
  it.each([
    ["both", `[default]\n${ID}\n${SECRET}`, undefined],
    ["neither", "[default]\nregion = eu-west-1", undefined],
    ["no such profile", `[other]\n${ID}`, undefined],
    ["no section", ID, undefined],
    ["the id alone", `[default]\n${ID}`, "aws_secret_access_key"],
    ["the secret alone", `[ default ]\r\n${SECRET}\r\n`, "aws_access_key_id"],
    ["an empty half", `[default]\n${ID}\naws_secret_access_key =`, "aws_secret_access_key"],
    ["a half in a comment", `[default]\n${ID}\n# ${SECRET}\n ; ${SECRET}`, "aws_secret_access_key"],
    ["the halves in two profiles", `[default]\n${ID}\n[other]\n${SECRET}`, "aws_secret_access_key"],
    ["a profile in two parts", `[default]\n${ID}\n[other]\n[default]\n${SECRET}`, undefined],
    ["a role", `[default]\n${ID}\nrole_arn = arn:aws:iam::1:role/r`, undefined],
    ["a program", `[default]\n${ID}\ncredential_process = /bin/keys`, undefined],
    ["single sign-on", `[default]\n${ID}\nsso_session = s`, undefined],
  ])("%s", (_, text, missing) => {
    expect(missingKey(text, "default")).toBe(missing);
  });
});

describe("a shared credentials file", () => {
  it("with half a pair is refused with file, profile and missing key, and no value", async () => {
    await using home = await tempTree({ aws: `[default]\n${ID}\n${SECRET}\n[ci]\n${SECRET}\n` });
    const file = join(home.path, "aws");
    expect(refusal({ AWS_SHARED_CREDENTIALS_FILE: file })).toBeUndefined();
    const refused = refusal({ AWS_SHARED_CREDENTIALS_FILE: file, AWS_PROFILE: "ci" });
    expect(refused).toMatchObject({
      code: "ASSET_SYNC_HALF_KEY_PAIR",
      exitCode: 2,
      message: `Profile ci in ${file} has aws_secret_access_key but not aws_access_key_id.`,
    });
    expect(JSON.stringify(refused)).not.toMatch(/VALUE/);
  });

  it("in the home folder is looked at too, and may be absent there", async () => {
    await using home = await tempTree({ ".aws/credentials": `[default]\n${ID}\n`, "empty/x": "" });
    expect(refusal({ HOME: home.path })).toMatchObject({ code: "ASSET_SYNC_HALF_KEY_PAIR" });
    expect(refusal({ HOME: join(home.path, "empty") })).toBeUndefined();
    expect(refusal({ HOME: home.path, AWS_SHARED_CREDENTIALS_FILE: "~/.aws/credentials" })).toMatchObject({
      code: "ASSET_SYNC_HALF_KEY_PAIR",
    });
  });

  it("that is named and cannot be read is refused", async () => {
    await using home = await tempTree({ "folder/x": "" });
    for (const name of ["nowhere", "folder"]) {
      const file = join(home.path, name);
      expect(refusal({ AWS_SHARED_CREDENTIALS_FILE: file })).toMatchObject({
        code: "ASSET_SYNC_CREDENTIALS_MISSING",
        exitCode: 2,
        message: expect.stringContaining(file),
      });
    }
  });

  it("does not matter where the variables hold the pair that is used, or for a folder", () => {
    const missing = { AWS_SHARED_CREDENTIALS_FILE: "/nowhere/aws" };
    const pair = { AWS_ACCESS_KEY_ID: "i", AWS_SECRET_ACCESS_KEY: "s" };
    expect(refusal({ ...missing, ...pair })).toBeUndefined();
    expect(refusal({ ...missing, ...pair, AWS_PROFILE: "ci" })).toBeDefined();
    expect(resolveTarget({ to: "file:///srv/store" }, missing).kind).toBe("folder");
  });
});

function refusal(environment: Environment): AssetSyncError | undefined {
  try {
    resolveTarget({ to: "s3://shop" }, environment);
    return undefined;
  } catch (error) {
    if (error instanceof AssetSyncError) return error;
    throw error;
  }
}
