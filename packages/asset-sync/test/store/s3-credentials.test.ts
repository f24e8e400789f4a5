import { writeFile } from "node:fs/promises";

import { tempTree } from "@slipway/testkit";
import { afterEach, describe, expect, it, vi } from "vitest";

import { parseAwsFile, type AwsFiles, type AwsSettings } from "../../src/config/aws-files.ts";
import { credentialSource, plainCredentials, type CredentialSource } from "../../src/store/s3-credentials.ts";

afterEach(() => vi.unstubAllEnvs());

function settingsOf(text: string): AwsSettings {
  return parseAwsFile(`[default]\n${text}`).get("default") ?? new Map<string, string>();
}

function files(credentials: string, config = ""): AwsFiles {
  return {
    credentials: settingsOf(credentials),
    config: settingsOf(config),
    services: settingsOf(""),
  };
}

const NONE = files("");
const PAIR = "aws_access_key_id = AKIAFILE\naws_secret_access_key = secret";
const FROM_FILE = { accessKeyId: "AKIAFILE", secretAccessKey: "secret" };
const VARIABLES = { AWS_ACCESS_KEY_ID: "AKIAENV", AWS_SECRET_ACCESS_KEY: "secret" };
const FROM_VARIABLES = { accessKeyId: "AKIAENV", secretAccessKey: "secret" };

describe("credentials that are written down", () => {
  it("are those of the variables, with the session's token", () => {
    expect(plainCredentials(VARIABLES, files(PAIR))).toEqual(FROM_VARIABLES);
    const withToken = { ...VARIABLES, AWS_SESSION_TOKEN: "token" };
    expect(plainCredentials(withToken, NONE)).toEqual({ ...FROM_VARIABLES, sessionToken: "token" });
  });

  it("are those of a profile where one is named", () => {
    expect(plainCredentials({ ...VARIABLES, AWS_PROFILE: "shop" }, files(PAIR))).toEqual(FROM_FILE);
    expect(plainCredentials({ ...VARIABLES, AWS_PROFILE: "shop" }, NONE)).toBeUndefined();
  });

  it("are those of the profile, in either file, where the variables have none", () => {
    const token = `${PAIR}\naws_session_token = token`;
    expect(plainCredentials({}, files(token))).toEqual({ ...FROM_FILE, sessionToken: "token" });
    expect(plainCredentials({}, files("", PAIR))).toEqual(FROM_FILE);
  });

  it.each(["role_arn = r", "credential_process = p", "credential_source = Environment", "sso_session = s"])(
    "are left to the chain where the profile has %s",
    (setting) => {
      expect(plainCredentials({}, files(`${PAIR}\n${setting}`))).toBeUndefined();
      expect(plainCredentials({}, files(PAIR, setting))).toBeUndefined();
    },
  );

  it("in a file are read again when they have run out", async () => {
    await using tree = await tempTree({ credentials: `[default]\n${PAIR}\naws_session_token = one\n` });
    const environment = { AWS_SHARED_CREDENTIALS_FILE: `${tree.path}/credentials`, AWS_CONFIG_FILE: "/dev/null" };
    const source = credentialSource(environment, "eu-west-1");
    expect(await source.renew()).toBe(false);
    await writeFile(`${tree.path}/credentials`, `[default]\n${PAIR}\naws_session_token = two\n`);
    expect(await source.current()).toMatchObject({ sessionToken: "one" });
    expect(await source.renew()).toBe(true);
    expect(await source.current()).toMatchObject({ sessionToken: "two" });
  });
});

describe("credentials that something else has to give", () => {
  it("come from the chain of the SDK, for example from a process", async () => {
    await using given = await processThatAnswers('"AKIAPROCESS"', '"secret"');
    expect(await given.source.current()).toMatchObject({ accessKeyId: "AKIAPROCESS" });
  });

  it.each([
    ["12345", '"secret"', "The access key that the AWS credential chain found is no text"],
    ['"AKIA1\\n"', '"secret"', "The access key that the AWS credential chain found has a line end in it"],
    ['"AKIA1"', '{"a":1}', "The secret that the AWS credential chain found is no text"],
  ])("are told of without their values where a process gives %s and %s", async (id, secret, said) => {
    await using given = await processThatAnswers(id, secret);
    await expect(given.source.current()).rejects.toMatchObject({
      code: "ASSET_SYNC_CREDENTIALS_MALFORMED",
      message: expect.stringContaining(said),
    });
  });
});

/** Credentials that a process gives, in JSON. */
async function processThatAnswers(
  id: string,
  secret: string,
): Promise<AsyncDisposable & { readonly source: CredentialSource }> {
  const tree = await tempTree({ answer: `{"Version":1,"AccessKeyId":${id},"SecretAccessKey":${secret}}` });
  await writeFile(`${tree.path}/config`, `[default]\ncredential_process = cat ${tree.path}/answer\n`);
  for (const name of ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"]) vi.stubEnv(name, undefined);
  vi.stubEnv("AWS_CONFIG_FILE", `${tree.path}/config`);
  vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null");
  return {
    source: credentialSource(process.env, "eu-west-1"),
    [Symbol.asyncDispose]: async () => tree[Symbol.asyncDispose](),
  };
}

describe("an AWS_PROFILE that no file has", () => {
  it.each([
    ["shpo", "Did you mean shop?"],
    ["elsewhere", "They have default, shop, staging."],
  ])("%s is named, with those that are there", async (profile, hint) => {
    await using tree = await tempTree({
      credentials: `[default]\n${PAIR}\n[shop]\n${PAIR}\n`,
      config: "[profile staging]\n",
    });
    for (const name of ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]) vi.stubEnv(name, undefined);
    vi.stubEnv("AWS_PROFILE", profile);
    vi.stubEnv("AWS_CONFIG_FILE", `${tree.path}/config`);
    vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", `${tree.path}/credentials`);
    vi.stubEnv("AWS_EC2_METADATA_DISABLED", "true");
    await expect(credentialSource(process.env, "eu-west-1").current()).rejects.toMatchObject({
      code: "ASSET_SYNC_CREDENTIALS_MISSING",
      message: expect.stringContaining(`AWS_PROFILE is "${profile}"`),
      hint: expect.stringContaining(hint),
    });
  });
});
