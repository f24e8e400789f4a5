import { join } from "node:path";

import { tempTree } from "@slipway/testkit";
import { describe, expect, it } from "vitest";

import { AssetSyncError } from "../../src/errors.ts";
import { run } from "../../src/cli/run.ts";
import { bucketNameFault } from "../../src/config/bucket-name.ts";
import { loadConfig } from "../../src/config/config-file.ts";
import { resolveOptions, resolveTarget, type Flags } from "../../src/config/options.ts";
import { nearestSpelling } from "../../src/config/spelling.ts";
import { parseTarget } from "../../src/config/target.ts";
import { recordedTerminal } from "../cli/recorded-terminal.ts";

const HERE = "/srv/app";
const GIVEN = { to: "s3://shop-assets", release: "v1" };

describe("bucket names", () => {
  it.each(["abc", "shop-assets", "my.bucket.name", "1bucket2", "a".repeat(63)])("takes %s", (name) => {
    expect(bucketNameFault(name)).toBeUndefined();
  });

  it.each([
    ["ab", "3 to 63"],
    ["a".repeat(64), "3 to 63"],
    ["Shop", "upper-case"],
    ["shop_assets", "dots and hyphens"],
    ["-shop", "both ends"],
    ["shop-", "both ends"],
    ["sh..op", "two dots"],
    ["192.168.0.1", "IP address"],
    ["xn--shop", "reserved"],
  ])("refuses %s", (name, expected) => {
    expect(bucketNameFault(name)).toContain(expected);
  });
});

describe("targets", () => {
  it.each([
    ["s3://shop", "", "s3://shop"],
    ["s3://shop/", "", "s3://shop"],
    ["s3://shop/a/b", "a/b/", "s3://shop/a/b"],
    ["s3://shop/a/b/", "a/b/", "s3://shop/a/b"],
  ])("reads %s", (text, prefix, url) => {
    expect(parseTarget(text)).toMatchObject({ kind: "s3", bucket: "shop", prefix, url });
  });

  it.each([
    "s3://shop//a",
    "s3://shop/../a",
    "s3://shop/./a",
    "s3://shop/a\nb",
    "http://shop",
    "shop",
    "",
    "file://",
    "file:///",
    "file:////",
    "file:///..",
    "file:///tmp/..",
    "file:///%2e%2e",
    "file://../../../../../../../..",
    "file:///a%2Fb",
    "file:///%ZZ",
    "file:///a%00b",
    "file://a\0b",
    "file:///store?x=1",
    "file:///store#x",
    "file://store?x=1",
    "file://localhost",
    "file://localhost/tmp/xx",
    "file://LOCALHOST/tmp",
    "s3://shop/assets ",
    " s3://shop/assets",
    "file://store ",
    "s3://shop/.asset-sync",
    "file:///srv/store/.asset-sync/",
  ])("refuses %j", (text) => {
    expect(() => parseTarget(text)).toThrow(
      expect.objectContaining({ code: "ASSET_SYNC_TARGET_INVALID", exitCode: 2 }),
    );
  });

  it("tells who names a host how a folder is written", () => {
    expect(() => parseTarget("file://localhost/tmp/xx")).toThrow(
      expect.objectContaining({ hint: expect.stringContaining("file:///DIR") }),
    );
  });

  it.each([
    "s3://AKIAX:SUPERSECRETVALUE@bucket/p",
    "s3://SUPERSECRETVALUE@bucket/p",
    "s3://AKIAX:SUPER/SECRETVALUE@bucket/p",
    "s3://shop/AKIAX:SUPERSECRETVALUE@bucket/p",
    "s3//AKIAX:SUPERSECRETVALUE@bucket",
    "AKIAX:SUPERSECRETVALUE@bucket",
    "https://AKIAX:SUPERSECRETVALUE@bucket",
    "file://AKIAX:SUPERSECRETVALUE@host/dir",
  ])("shows nothing of %s", (text) => {
    const failure = failureOf(() => parseTarget(text));
    expect(failure).toMatchObject({ code: "ASSET_SYNC_TARGET_INVALID", hint: expect.stringContaining("AWS chain") });
    expect(failure.message).not.toMatch(/AKIAX|SUPER|SECRET|bucket|host/);
  });

  it.each(["s3://shop/p?secret=hunter22", "s3://shop?secret=hunter22", "s3://shop/p#hunter22", "s3://?hunter22"])(
    "refuses %s without saying what it holds",
    (text) => {
      const failure = failureOf(() => parseTarget(text));
      expect(failure).toMatchObject({ code: "ASSET_SYNC_TARGET_INVALID", exitCode: 2 });
      expect(failure.message).toContain("without a query or fragment");
      expect(failure.message).not.toContain("hunter22");
    },
  );

  it("takes an @ in a path", () => {
    expect(parseTarget("s3://shop/@app/logo@2x")).toMatchObject({ prefix: "@app/logo@2x/" });
    expect(parseTarget("file:///srv/a:b@c")).toMatchObject({ directory: "/srv/a:b@c" });
  });

  it("reads a folder, absolute or relative, with its blanks", () => {
    expect(parseTarget("file:///srv/my%20store")).toMatchObject({ kind: "folder", directory: "/srv/my store" });
    expect(parseTarget("file://store")).toMatchObject({ directory: join(process.cwd(), "store") });
  });

  it.each([
    "https://me:hunter22@s3.example",
    "https//me:hunter22@s3.example",
    "me:hunter22@s3.example:99",
    "ftp://me:hun/ter22/hunter22@s3.example",
    "http://hunter22@s3.example",
    "http://s3.example/?token=hunter22",
    "http://s3.example/#hunter22",
    "s3.example?token=hunter22",
  ])("refuses the endpoint %s without saying what it holds", (endpoint) => {
    const failure = failureOf(() => parseTarget("s3://shop", { endpoint }));
    expect(failure).toMatchObject({ code: "ASSET_SYNC_OPTION_INVALID", exitCode: 2 });
    expect(failure.message).not.toMatch(/hun|ter22|token/);
  });

  it.each(["s3.example", "ftp://s3.example", ""])(
    "refuses the endpoint %j, which has no secret, by name",
    (endpoint) => {
      expect(failureOf(() => parseTarget("s3://shop", { endpoint })).message).toContain(JSON.stringify(endpoint));
    },
  );
});

describe("options", () => {
  it("lets a flag win over its variable, and asset-sync's variables over those of AWS", () => {
    const environment = {
      ASSET_SYNC_TO: "s3://from-env/prefix",
      ASSET_SYNC_RELEASE: "env-release",
      ASSET_SYNC_RECEIPT: "env.json",
      ASSET_SYNC_PATH_STYLE: "true",
      ASSET_SYNC_REGION: "eu-west-1",
      AWS_REGION: "us-east-2",
      AWS_ENDPOINT_URL_S3: "https://one.example",
      AWS_ENDPOINT_URL: "https://two.example",
    };
    expect(resolveOptions(undefined, {}, environment, HERE)).toMatchObject({
      publicDir: "/srv/app/public",
      release: "env-release",
      receipt: "/srv/app/env.json",
      target: { bucket: "from-env", region: "eu-west-1", endpoint: "https://one.example", pathStyle: true },
    });
    const flags: Flags = {
      to: "s3://flag",
      release: "f",
      receipt: "/r.json",
      region: "r",
      endpoint: "http://three.example",
    };
    expect(resolveOptions("web", flags, environment, HERE)).toMatchObject({
      publicDir: "/srv/app/web",
      release: "f",
      receipt: "/r.json",
      target: { bucket: "flag", region: "r", endpoint: "http://three.example" },
    });
  });

  it("takes the release from the build service, then from git", async () => {
    expect(resolveOptions(undefined, { to: "s3://shop" }, { CIRCLE_SHA1: "c0ffee" }, HERE).release).toBe("c0ffee");
    await using outside = await tempTree();
    expect(() => resolveOptions(undefined, { to: "s3://shop" }, {}, outside.path)).toThrow(
      expect.objectContaining({
        code: "ASSET_SYNC_RELEASE_UNKNOWN",
        message: expect.stringContaining("git names no commit in"),
      }),
    );
    expect(resolveOptions(undefined, { to: "s3://shop" }, {}, import.meta.dirname).release).toMatch(/^[0-9a-f]{40}$/);
  });

  it.each([
    ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"],
    ["AWS_SECRET_ACCESS_KEY", "AWS_ACCESS_KEY_ID"],
  ])("names the missing half when only %s is set", (present, missing) => {
    const environment = { [present]: "something", [missing]: "" };
    expect(() => resolveTarget(GIVEN, environment)).toThrow(
      expect.objectContaining({
        code: "ASSET_SYNC_HALF_KEY_PAIR",
        message: `${present} is set but ${missing} is not.`,
      }),
    );
    expect(resolveTarget({ to: "file:///srv/store" }, environment).kind).toBe("folder");
  });

  it.each([
    ["AWS_ACCESS_KEY_ID", "AKIAVALUE\n", "a line end in it (character 10 of 10)"],
    ["AWS_ACCESS_KEY_ID", " AKIAVALUE", "a blank in it (character 1 of 10)"],
    ["AWS_ACCESS_KEY_ID", "AKIA,VALUE", "a comma in it (character 5 of 10)"],
    ["AWS_SECRET_ACCESS_KEY", "s3cretVALUE\r\n", "a carriage return in it (character 12 of 13)"],
    ["AWS_SESSION_TOKEN", "VALUE\n", "a line end in it (character 6 of 6)"],
    ["AWS_SESSION_TOKEN", "VALUÉVALUE", "a character in it (character 5 of 10)"],
  ])("refuses %s with what it cannot have, and does not show it: %j", (name, value, said) => {
    const pair = {
      AWS_ACCESS_KEY_ID: "team/app:x@y$z",
      AWS_SECRET_ACCESS_KEY: "s3cret+/ ü",
      AWS_SESSION_TOKEN: "a+/=",
    };
    expect(resolveTarget(GIVEN, pair).kind).toBe("s3");
    const refused = failureOf(() => resolveTarget(GIVEN, { ...pair, [name]: value }));
    expect(refused).toMatchObject({
      code: "ASSET_SYNC_CREDENTIALS_MALFORMED",
      exitCode: 2,
      message: expect.stringContaining(`${name} has ${said}`),
    });
    expect(String(refused)).not.toMatch(/VALU/);
    // Where a profile is named, nobody looks at the variables.
    expect(resolveTarget(GIVEN, { ...pair, [name]: value, AWS_PROFILE: "ci" }).kind).toBe("s3");
  });

  it("refuses a variable that nobody reads, with the near name, and tolerates those of the Ruby gem", () => {
    expect(() => resolveTarget(GIVEN, { ASSET_SYNC_RELESE: "v1" })).toThrow(/ASSET_SYNC_RELEASE\?/);
    expect(() => resolveTarget(GIVEN, { ASSET_SYNC_FOO: "v1" })).toThrow(/ASSET_SYNC_FOO is not known$/);
    expect(resolveTarget(GIVEN, { ASSET_SYNC_ENABLED: "true" }).kind).toBe("s3");
  });

  it.each(["yes", "on", "TRUE"])("refuses ASSET_SYNC_PATH_STYLE=%s instead of taking it for false", (value) => {
    expect(() => resolveTarget(GIVEN, { ASSET_SYNC_PATH_STYLE: value })).toThrow(/expected true, 1, false or 0/);
  });

  it.each(["-v1", "a b", "a\nb", "x".repeat(201)])("refuses the release id %j", (release) => {
    expect(() => resolveOptions(undefined, { to: "s3://shop", release }, {}, HERE)).toThrow(/Release id/);
  });
});

describe("a flag that is empty, as of an unset variable", () => {
  it.each([
    [{ to: "" }, "--to"],
    [{ release: "" }, "--release"],
    [{ region: "" }, "--region"],
    [{ endpoint: "" }, "--endpoint"],
    [{ receipt: "" }, "--receipt"],
    [{ dir: ["assets", ""] }, "--dir"],
    [{ ignore: ["*.psd", ""] }, "--ignore"],
    [{ sse: "aws:kms", sseKmsKeyId: "" }, "--sse-kms-key-id"],
  ])("is refused by name: %j", (flags, name) => {
    expect(() => resolveOptions(undefined, { ...GIVEN, ...flags }, { CI_COMMIT_SHA: "c0ffee" }, HERE)).toThrow(
      expect.objectContaining({
        code: "ASSET_SYNC_OPTION_INVALID",
        exitCode: 2,
        message: `${name} is empty: expected a value.`,
      }),
    );
  });
});

describe("an argument that is empty", () => {
  it("is no folder to take", () => {
    expect(() => resolveOptions("", GIVEN, {}, HERE)).toThrow("PUBLIC_DIR is empty: expected a folder.");
  });

  it("names no configuration", async () => {
    await expect(loadConfig("", {}, HERE)).rejects.toThrow("--config is empty: expected a value.");
  });

  it("is no folder of an image", async () => {
    const terminal = recordedTerminal(HERE);
    const words = ["push", "--from-image", "shop:v1", "--image-dir", ""];
    expect(await run(words, terminal, new AbortController().signal)).toBe(2);
    expect(terminal.err()).toContain("--image-dir is empty");
  });
});

describe("a folder that is named without a slash", () => {
  it("is below the folder that the options are of", () => {
    const folder = { kind: "folder", directory: `${HERE}/store` };
    expect(resolveOptions(undefined, { ...GIVEN, to: "file://store" }, {}, HERE).target).toMatchObject(folder);
  });

  it("is so for every verb", async () => {
    await using app = await tempTree({ "public/assets/app-1f3c9a2b.js": "1" });
    const verbs = [["sync", "--release", "v1"], ["verify"], ["releases"], ["pin", "v1"], ["report"], ["collect"]];
    for (const words of verbs) {
      const terminal = recordedTerminal(app.path);
      const code = await run([...words, "--to", "file://store"], terminal, new AbortController().signal);
      expect([...words, code, terminal.err()]).toEqual([...words, 0, ""]);
    }
  });
});

describe("what is said of S3", () => {
  const FOLDER = { to: "file:///srv/store" };

  it.each([
    ["endpoint", { ...FOLDER, endpoint: "http://one.example" }, {}],
    ["region", { ...FOLDER, region: "eu-west-1" }, {}],
    ["region", FOLDER, { ASSET_SYNC_REGION: "eu-west-1" }],
    ["path-style", FOLDER, { ASSET_SYNC_PATH_STYLE: "true" }],
    ["endpoint", { file: { ...FOLDER, endpoint: "http://one.example" } }, {}],
  ])("is refused for a folder: --%s of %j and %j", (name, flags, environment) => {
    expect(failureOf(() => resolveTarget(flags, environment))).toMatchObject({
      code: "ASSET_SYNC_OPTION_INVALID",
      exitCode: 2,
      message: expect.stringContaining(`--${name} is given`),
    });
  });

  it("to all that speaks to AWS does not matter to a folder", () => {
    const environment = { AWS_REGION: "eu-west-1", AWS_ENDPOINT_URL: "http://one.example" };
    expect(resolveTarget(FOLDER, environment).kind).toBe("folder");
  });
});

describe("near spelling", () => {
  it.each([
    ["ASSET_SYNC_REGOIN", "ASSET_SYNC_REGION"],
    ["--quite", "--quiet"],
    ["--hlep", "--help"],
    ["--too", "--to"],
    ["--realese", "--release"],
    ["--deep", undefined],
    ["--keep", undefined],
    ["--go", "--to"],
    ["colour", undefined],
  ])("of %s is %s", (typed, meant) => {
    const names = ["ASSET_SYNC_REGION", "ASSET_SYNC_TO", "--help", "--quiet", "--to", "--release", "--dry-run"];
    expect(nearestSpelling(typed, names)).toBe(meant);
  });
});

function failureOf(work: () => unknown): AssetSyncError {
  try {
    work();
  } catch (error) {
    if (error instanceof AssetSyncError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}
