import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { cp, readdir, readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";

import { lookUpServices, startS3Double, tempTree, type S3Double, type TempTree } from "@slipway/testkit";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { BUCKET, BUILD } from "../sync/fixture.ts";
import { makeBundle, runProgram, type Bundle, type Ended } from "./bundle.ts";

const services = lookUpServices("docker");
const run = promisify(execFile);

/** Where a container on ECS and CodeBuild asks for its role's credentials. */
const METADATA = "169.254.170.2";

const LEASED = { accessKeyId: "ASIALEASED", secretAccessKey: "leased-secret-word", sessionToken: "leased-session" };

const HEAD = `FROM node:24-trixie-slim
COPY program/ /program/
ENV PATH=/program:$PATH
WORKDIR /app
COPY public/ public/
ARG ASSET_SYNC_ENDPOINT ASSET_SYNC_RELEASE=v1
ENV ASSET_SYNC_TO=s3://${BUCKET}/pre ASSET_SYNC_PATH_STYLE=true ASSET_SYNC_REGION=us-east-1
`;

describe.skipIf(!services.available)(`recipes for a Dockerfile ${services.reason}`, () => {
  const images: string[] = [];
  let image = "";
  let bundle: Bundle;
  let context: TempTree;
  let double: S3Double;

  beforeAll(async () => {
    bundle = await makeBundle();
    await cp(bundle.program, join(bundle.folder, "asset-sync"));
    const built = Object.fromEntries(Object.entries(BUILD).map(([key, text]) => [`public/${key}`, text]));
    context = await tempTree(built);
    await cp(bundle.folder, join(context.path, "program"), { recursive: true });
  });
  afterAll(async () => {
    await docker(["image", "rm", "--force", ...images]);
    await context?.[Symbol.asyncDispose]();
    await bundle?.[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    double = await startS3Double({ buckets: [BUCKET] });
    double.accept(LEASED);
  });
  afterEach(() => double[Symbol.asyncDispose]());

  const build = async (recipe: string, words: readonly string[] = [], network = "host"): Promise<Ended> => {
    await context.write({ Dockerfile: HEAD + recipe });
    // Of an image that loses its name the engine clears layers away, also those that the next one with the name begins with.
    image = `slipway-recipe:${randomBytes(4).toString("hex")}`;
    images.push(image);
    const args = ["--build-arg", `ASSET_SYNC_ENDPOINT=${double.endpoint}`, ...words];
    return docker(["build", "--no-cache", "--network", network, "--tag", image, ...args, context.path]);
  };
  const stored = (): readonly string[] =>
    [...double.objects(BUCKET).keys()]
      .filter((key) => !key.includes(".asset-sync/"))
      .map((key) => key.slice("pre/".length));
  /** What is wrong after a build or push that should have brought all files, and leaked no secret. */
  const faults = async (ended: Ended, secrets: readonly string[]): Promise<readonly string[]> => {
    const missing = Object.keys(BUILD).filter((key) => !stored().includes(key));
    const { stdout: history } = await docker(["history", "--no-trunc", image]);
    const { stdout: inspected } = await docker(["inspect", image]);
    const leaked = secrets.filter((secret) => (history + inspected).includes(secret));
    return [...(ended.code === 0 ? [] : [ended.stderr]), ...missing, ...leaked];
  };

  it("a BuildKit secret as a shared credentials file", { timeout: 300_000 }, async () => {
    const { accessKeyId, secretAccessKey } = double.credentials;
    const keys = `[default]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`;
    await using secret = await tempTree({ aws: keys });
    const recipe =
      "RUN --mount=type=secret,id=aws,required AWS_SHARED_CREDENTIALS_FILE=/run/secrets/aws asset-sync sync public\n";
    expect(await faults(await build(recipe, ["--secret", `id=aws,src=${secret.path}/aws`]), [secretAccessKey])).toEqual(
      [],
    );
  });

  it("BuildKit secrets as variables", { timeout: 300_000 }, async () => {
    const { accessKeyId, secretAccessKey } = double.credentials;
    await using secret = await tempTree({ id: accessKeyId, key: secretAccessKey });
    const recipe =
      "RUN --mount=type=secret,id=id,env=AWS_ACCESS_KEY_ID,required --mount=type=secret,id=key,env=AWS_SECRET_ACCESS_KEY,required asset-sync sync public\n";
    const words = ["--secret", `id=id,src=${secret.path}/id`, "--secret", `id=key,src=${secret.path}/key`];
    expect(await faults(await build(recipe, words), [secretAccessKey])).toEqual([]);
  });

  it("the role of the container that builds, as on CodeBuild and ECS", { timeout: 300_000 }, async ({ skip }) => {
    await using metadata = await metadataServer();
    skip(metadata.endpoint === "", "adding an address to the loopback interface needs root");
    const recipe = "ARG AWS_CONTAINER_CREDENTIALS_RELATIVE_URI\nRUN asset-sync sync public\n";
    const words = ["--build-arg", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI=/v2/credentials/role"];
    expect(await faults(await build(recipe, words), [LEASED.secretAccessKey, LEASED.sessionToken])).toEqual([]);
    expect(metadata.asked).toContain("/v2/credentials/role");
  });

  it("a web identity token, as of a CI's own identity", { timeout: 300_000 }, async () => {
    await using sts = await stsServer();
    await using secret = await tempTree({ token: "identity-token-word" });
    const recipe = `ARG AWS_ROLE_ARN AWS_ENDPOINT_URL_STS
RUN --mount=type=secret,id=token,required AWS_WEB_IDENTITY_TOKEN_FILE=/run/secrets/token AWS_REGION=us-east-1 asset-sync sync public
`;
    const words = ["--build-arg", "AWS_ROLE_ARN=arn:aws:iam::123456789012:role/build"];
    const place = [
      "--build-arg",
      `AWS_ENDPOINT_URL_STS=${sts.endpoint}`,
      "--secret",
      `id=token,src=${secret.path}/token`,
    ];
    expect(
      await faults(await build(recipe, [...words, ...place]), ["identity-token-word", LEASED.secretAccessKey]),
    ).toEqual([]);
    expect(sts.asked.join("\n")).toContain("identity-token-word");
  });

  it(
    "no network at all: the receipt is in the image, and the image is pushed later",
    { timeout: 300_000 },
    async () => {
      const recipe = 'RUN asset-sync sync public --offline\nENTRYPOINT ["false"]\n';
      const ended = await build(recipe, [], "none");
      expect([ended.code, ended.code === 0 ? "" : ended.stderr]).toEqual([0, ""]);
      expect(double.log).toEqual([]);
      const env = {
        AWS_ACCESS_KEY_ID: double.credentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: double.credentials.secretAccessKey,
      };
      const push = (...words: readonly string[]): Promise<Ended> =>
        runProgram(bundle.program, ["push", "--from-image", image, ...words], { cwd: context.path, env });
      const pushed = await push();
      expect(await faults(pushed, [])).toEqual([]);
      expect(pushed.stdout).not.toMatch(/^receipt/m);
      const verified = await docker(
        [
          "run",
          "--rm",
          "--network",
          "host",
          "--entrypoint",
          "asset-sync",
          "--env",
          "AWS_ACCESS_KEY_ID",
          "--env",
          "AWS_SECRET_ACCESS_KEY",
          image,
          "verify",
          "--receipt",
          "public/.asset-receipt.json",
        ],
        env,
      );
      expect(verified).toMatchObject({ code: 0, stdout: expect.stringContaining("holds all 5 files of v1") });
      expect(await push("--image-dir", "/nowhere")).toMatchObject({
        code: 2,
        stderr: expect.stringContaining("--image-dir: /nowhere was looked for"),
      });
      const { stdout: left } = await docker(["ps", "--all", "--quiet", "--filter", `ancestor=${image}`]);
      expect(left).toBe("");
    },
  );

  it("links of an image that is pushed lead to nothing on this machine", { timeout: 300_000 }, async () => {
    await using host = await tempTree({ "receipt.json": "of the host" });
    const linked = `ln -s ${host.path}/receipt.json public/.asset-receipt.json`;
    const ended = await build(`RUN ${linked} && mv public there && ln -s there public\n`, [], "none");
    expect([ended.code, ended.code === 0 ? "" : ended.stderr]).toEqual([0, ""]);
    const { accessKeyId, secretAccessKey } = double.credentials;
    const env = { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey };
    const place = ["--endpoint", double.endpoint, "--region", "us-east-1", "--path-style"];
    const words = ["push", "--from-image", image, "--to", `s3://${BUCKET}/pre`, "--release", "v1", ...place];
    expect(await faults(await runProgram(bundle.program, words, { cwd: host.path, env }), [])).toEqual([]);
    expect(await readFile(join(host.path, "receipt.json"), "utf8")).toBe("of the host");
    expect(await readdir(host.path)).toEqual(["receipt.json"]);
  });
});

interface Asked extends AsyncDisposable {
  readonly endpoint: string;
  readonly asked: string[];
}

async function answering(host: string, port: number, answer: string): Promise<Asked> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      asked.push(`${request.url ?? ""}${body}`);
      response.end(answer);
    });
  });
  await once(server.listen(port, host), "listening");
  return { endpoint: `http://${host}:${portOf(server)}`, asked, [Symbol.asyncDispose]: () => close(server) };
}

function portOf(server: Server): number {
  // eslint-disable-next-line typescript/no-unsafe-type-assertion -- a server that listens on a port has this address
  return (server.address() as AddressInfo).port;
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  await once(server.close(), "close");
}

const EXPIRES = new Date(Date.now() + 3_600_000).toISOString();

/** Without an endpoint where nobody may add the address. */
async function metadataServer(): Promise<Asked> {
  const added = await run("ip", ["address", "add", `${METADATA}/32`, "dev", "lo"]).catch(() => undefined);
  if (added === undefined) return { endpoint: "", asked: [], [Symbol.asyncDispose]: () => Promise.resolve() };
  const { accessKeyId, secretAccessKey, sessionToken } = LEASED;
  const answer = {
    AccessKeyId: accessKeyId,
    SecretAccessKey: secretAccessKey,
    Token: sessionToken,
    Expiration: EXPIRES,
  };
  const server = await answering(METADATA, 80, JSON.stringify(answer));
  return {
    ...server,
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      await run("ip", ["address", "del", `${METADATA}/32`, "dev", "lo"]);
    },
  };
}

function stsServer(): Promise<Asked> {
  const { accessKeyId, secretAccessKey, sessionToken } = LEASED;
  const credentials = `<AccessKeyId>${accessKeyId}</AccessKeyId><SecretAccessKey>${secretAccessKey}</SecretAccessKey><SessionToken>${sessionToken}</SessionToken><Expiration>${EXPIRES}</Expiration>`;
  const result = `<AssumeRoleWithWebIdentityResult><Credentials>${credentials}</Credentials></AssumeRoleWithWebIdentityResult>`;
  return answering("127.0.0.1", 0, `<AssumeRoleWithWebIdentityResponse>${result}</AssumeRoleWithWebIdentityResponse>`);
}

function docker(words: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  return runProgram("docker", words, { cwd: "/", env });
}
