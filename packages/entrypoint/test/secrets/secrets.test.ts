import { chmod } from "node:fs/promises";
import { join } from "node:path";

import { startProgram, tempTree } from "@slipway/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { buildProgram, type BuiltProgram } from "../bundle.ts";
import { startAwsDouble } from "./aws-double.ts";
import { ECHOES, NASTY } from "./nasty.ts";

let built: BuiltProgram;
beforeAll(async () => {
  built = await buildProgram();
});
afterAll(async () => built[Symbol.asyncDispose]());

interface Call {
  readonly definition?: object;
  readonly env: NodeJS.ProcessEnv;
  readonly files?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
}

async function call({
  definition = { tasks: [] },
  env,
  files = {},
  args = ["run", "--", "sh", "-c", 'printf %s "$SECRET"'],
}: Call) {
  await using folder = await tempTree({ "entrypoint.json": JSON.stringify(definition), ...files });
  const own = { PATH: process.env["PATH"], ...env };
  for (const name of Object.keys(files)) if (name.endsWith(".sh")) await chmod(join(folder.path, name), 0o755);
  await using program = startProgram(process.execPath, [built.file, ...args], { cwd: folder.path, env: own });
  const { code } = await program.ended;
  return { code, stdout: program.stdout(), stderr: program.stderr() };
}

describe("a variable that stands for a secret", () => {
  it.each([
    ["ssm:/shop/db", "from-ssm"],
    ["ssm:///shop/db", "from-ssm"],
    ["ssm:/shop/db:3", "from-ssm"],
    ["secretsmanager:shop/all#password", "from-json"],
    ["secretsmanager:shop/all#port", "5432"],
    ["secretsmanager:shop/plain", "plain text"],
  ])("%s is what it stands for, for the app", async (reference, value) => {
    await using aws = await startAwsDouble({
      parameters: { "/shop/db": { value: "from-ssm" } },
      secrets: { "shop/all": '{"password":"from-json","port":5432}', "shop/plain": "plain text" },
    });
    const { code, stdout, stderr } = await call({ env: { ...aws.env, SECRET: reference } });
    expect({ code, stdout }).toEqual({ code: 0, stdout: value });
    expect(stderr).toContain("secrets: 1 secret: read");
    expect(stderr).not.toContain(value);
  });

  it("is read from a file, without the newline at its end, where the definition says so", async () => {
    const files = { password: "line one\nline two\n" };
    await using folder = await tempTree(files);
    const env = { SECRET_FILE: join(folder.path, "password"), SSL_CERT_FILE: "/no/such" };
    const definition = { secretFiles: ["SECRET", "OTHER"], tasks: [] };
    expect(await call({ definition, env })).toMatchObject({ code: 0, stdout: "line one\nline two" });
    expect(await call({ definition, env: { ...env, SECRET: "set" } })).toMatchObject({ code: 0, stdout: "set" });
  });

  it("may be in a file of the working directory", async () => {
    const found = await call({ env: { SECRET: "secret-file:f1" }, files: { f1: "near" } });
    expect(found).toMatchObject({ code: 0, stdout: "near" });
  });

  it("is asked for once, parameters by tens", async () => {
    const names = Array.from({ length: 23 }, (_, index) => `/p/${String(index)}`);
    const parameters = Object.fromEntries(names.map((name) => [name, { value: `value of ${name}` }]));
    await using aws = await startAwsDouble({ parameters, secrets: { one: '{"a":"1","b":"2"}' } });
    const references = Object.fromEntries(names.map((name, index) => [`P${String(index)}`, `ssm:${name}`]));
    const env = { ...aws.env, ...references, TWICE: "ssm:/p/0", A: "secretsmanager:one#a", B: "secretsmanager:one#b" };
    expect(await call({ env, args: ["run", "--", "sh", "-c", 'echo "$P22 $TWICE $A $B"'] })).toMatchObject({
      code: 0,
      stdout: "value of /p/22 value of /p/0 1 2\n",
    });
    expect(aws.answered.toSorted()).toEqual([
      "AmazonSSM.GetParameters 10",
      "AmazonSSM.GetParameters 10",
      "AmazonSSM.GetParameters 3",
      "secretsmanager.GetSecretValue one",
    ]);
  });

  it("is read before the definition is, so that its values may be secrets", async () => {
    await using aws = await startAwsDouble({ parameters: { "/file": { value: "file:///etc/passwd" } } });
    const definition = { tasks: [{ task: "wait-for", url: "${WHERE}" }] };
    const { code, stderr } = await call({
      definition,
      env: { ...aws.env, WHERE: "ssm:/file" },
      args: ["run", "--", "true"],
    });
    expect(code).toBe(0);
    expect(stderr).toContain("file /etc/passwd: ready");
  });
});

it.each(["minio:9000", "http:///"])("a server in AWS' place that is no address is refused: %s", async (address) => {
  const env = { AWS_REGION: "eu-west-1", AWS_ACCESS_KEY_ID: "a", AWS_SECRET_ACCESS_KEY: "b", SECRET: "ssm:/shop/db" };
  const { code, stderr } = await call({ env: { ...env, AWS_ENDPOINT_URL: address } });
  expect(code).toBe(125);
  expect(stderr).toContain("secrets: AWS_ENDPOINT_URL is not an http:// or https:// address");
});

describe("AWS that answers otherwise", () => {
  it("throttles nine of ten: all secrets are read", { timeout: 300_000 }, async () => {
    const parameters = Object.fromEntries(
      Array.from({ length: 12 }, (_, i) => [`/p/${String(i)}`, { value: `v${String(i)}!` }]),
    );
    await using aws = await startAwsDouble({ parameters, throttle: (count) => count % 10 !== 0 });
    const references = Object.fromEntries(Object.keys(parameters).map((name, i) => [`P${String(i)}`, `ssm:${name}`]));
    const { code, stdout } = await call({
      env: { ...aws.env, ...references },
      args: ["run", "--", "sh", "-c", 'echo "$P0 $P11"'],
    });
    expect({ code, stdout }).toEqual({ code: 0, stdout: "v0! v11!\n" });
    expect(aws.requests()).toBeGreaterThanOrEqual(20);
  });

  it("throttles all: the deadline ends it, with the reason", async () => {
    await using aws = await startAwsDouble({ throttle: () => true });
    const definition = { secretsDeadline: "2s", tasks: [] };
    const { code, stderr } = await call({ definition, env: { ...aws.env, SECRET: "ssm:/x" } });
    expect(code).toBe(125);
    expect(stderr).toContain("secrets: ssm:/x: not read within 2 s: ThrottlingException: Rate exceeded");
    expect(stderr).toContain("[ENTRYPOINT_SECRET_DEADLINE]");
  });

  it.each([3_600_000, -3_600_000])(
    "has a clock that is %d ms ahead: the request is signed for that clock",
    async (aheadMs) => {
      await using aws = await startAwsDouble({ parameters: { "/x": { value: "right" } }, aheadMs });
      expect(await call({ env: { ...aws.env, SECRET: "ssm:/x" } })).toMatchObject({ code: 0, stdout: "right" });
      expect(aws.requests()).toBe(2);
    },
  );

  it.each([
    ["ssm:/none", {}, "SECRET (ssm:/none): there is no such parameter"],
    ["secretsmanager:none", {}, "secretsmanager:none: ResourceNotFoundException"],
    [
      "secretsmanager:shop#passwort",
      {},
      'SECRET (secretsmanager:shop#passwort): the secret has no field "passwort"; it has password',
    ],
    ["secretsmanager:text#a", {}, "the secret is no JSON, so it has no fields"],
    ["ssm:/nested", {}, "its value stands for another secret"],
    ["ssm:/x", { refuse: "AccessDeniedException" }, "ssm:/x: AccessDeniedException: it is refused"],
    ["secret-file:/no/such", {}, "ENOENT"],
  ])("%s ends the start, and no value is told", async (reference, options, problem) => {
    await using aws = await startAwsDouble({
      secrets: { shop: '{"password":"s3cret"}', text: "s3cret" },
      parameters: { "/nested": { value: "ssm:/s3cret" } },
      ...options,
    });
    const { code, stdout, stderr } = await call({ env: { ...aws.env, SECRET: reference } });
    expect({ code, stdout }).toEqual({ code: 125, stdout: "" });
    expect(stderr).toContain(problem);
    expect(stderr).toContain("[ENTRYPOINT_SECRET_UNAVAILABLE]");
    expect(stderr).not.toContain("s3cret");
  });

  it("is asked with the credentials of a profile where there are no others", async () => {
    await using aws = await startAwsDouble({ parameters: { "/x": { value: "right" } } });
    const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: key, ...others } = aws.env;
    const profile = `[shop]\naws_access_key_id = ${String(id)}\naws_secret_access_key = ${String(key)}\n`;
    await using folder = await tempTree({ credentials: profile });
    const own = { AWS_PROFILE: "shop", AWS_SHARED_CREDENTIALS_FILE: join(folder.path, "credentials") };
    expect(await call({ env: { ...others, ...own, SECRET: "ssm:/x" } })).toMatchObject({ code: 0, stdout: "right" });
  });

  it("needs credentials, and says so at once", async () => {
    const env = { AWS_REGION: "eu-central-1", AWS_EC2_METADATA_DISABLED: "true", HOME: "/none", SECRET: "ssm:/x" };
    const { code, stderr } = await call({ env });
    expect(code).toBe(125);
    expect(stderr).toContain("neither AWS_ACCESS_KEY_ID nor a task role is there");
    expect(stderr).toContain("[ENTRYPOINT_AWS_CREDENTIALS]");
  });

  it("needs a region", async () => {
    const { code, stderr } = await call({ env: { SECRET: "ssm:/x" } });
    expect(code).toBe(125);
    expect(stderr).toContain("secrets: no region is set");
  });
});

describe("what is printed", () => {
  it("explain lists names and sources, asks nobody, and shows no value", async () => {
    const definition = {
      secretFiles: ["KEY"],
      tasks: [
        { task: "wait-for", url: "${DATABASE_URL}" },
        { task: "wait-for", url: "postgres://app:${PASSWORD}@db.example/shop" },
      ],
    };
    const env = {
      DATABASE_URL: "ssm:/shop/url",
      PASSWORD: "secretsmanager:shop#password",
      KEY_FILE: "/run/secrets/key",
    };
    const { code, stdout } = await call({ definition, env, args: ["explain", "--", "puma"] });
    expect(code).toBe(0);
    expect(stdout).toContain("secret: DATABASE_URL from ssm:/shop/url\n");
    expect(stdout).toContain("secret: PASSWORD from secretsmanager:shop#password\n");
    expect(stdout).toContain("secret: KEY from secret-file:/run/secrets/key\n");
    expect(stdout).toContain("1. wait-for: what ssm:/shop/url names");
    expect(stdout).toContain("2. wait-for: PostgreSQL db.example:5432/shop");
    const json = await call({ definition, env, args: ["explain", "--json", "--", "puma"] });
    expect(JSON.parse(json.stdout)).toMatchObject({
      secrets: [{ variable: "DATABASE_URL", source: "ssm:/shop/url" }, {}, {}],
    });
  });

  it("a secret is on no command line", async () => {
    const definition = { tasks: [{ task: "run", run: ["login", "--password", "${SECRET}"] }] };
    await using aws = await startAwsDouble({ parameters: { "/x": { value: "hidden" } } });
    const { code, stderr } = await call({ definition, env: { ...aws.env, SECRET: "ssm:/x" } });
    expect(code).toBe(2);
    expect(stderr).toContain("tasks[0].run[2]: ${SECRET} is a secret, and every process can read a command line");
    expect(stderr).not.toContain("hidden");
  });

  it("the password within an address that is a secret is one too", async () => {
    await using aws = await startAwsDouble({ parameters: { "/url": { value: "postgres://app:p%40ssw0rd@db/shop" } } });
    const definition = { tasks: [{ task: "run", run: ["sh", "-c", 'echo "p@ssw0rd p%40ssw0rd of app at db"'] }] };
    const env = { ...aws.env, DATABASE_URL: "ssm:/url" };
    expect((await call({ definition, env, args: ["run", "--", "true"] })).stdout).toBe("*** *** of app at db\n");
  });

  it("the output of several processes has none either", async () => {
    await using aws = await startAwsDouble({ parameters: { "/x": { value: "hidden-value" } } });
    const definition = { tasks: [], processes: { web: { run: ["sh", "-c", 'echo "is $SECRET"'] } } };
    const { code, stdout } = await call({ definition, env: { ...aws.env, SECRET: "ssm:/x" }, args: ["run"] });
    expect({ code, stdout }).toEqual({ code: 0, stdout: "is ***\n" });
  });

  it("a parameter that is no secret is shown", async () => {
    await using aws = await startAwsDouble({ parameters: { "/level": { value: "debug", type: "String" } } });
    const definition = { tasks: [{ task: "run", run: ["sh", "-c", "echo level $LEVEL"] }] };
    expect(
      (await call({ definition, env: { ...aws.env, LEVEL: "ssm:/level" }, args: ["run", "--", "true"] })).stdout,
    ).toBe("level debug\n");
  });

  it.each(Object.entries(ECHOES))("of 300 nasty secrets none is in a task's output by %s", async (_, script) => {
    const parameters = Object.fromEntries(NASTY.map((value, index) => [`/n/${String(index)}`, { value }]));
    const references = Object.fromEntries(
      NASTY.map((_value, index) => [`N${String(index)}`, `ssm:/n/${String(index)}`]),
    );
    await using aws = await startAwsDouble({ parameters });
    const definition = { tasks: [{ task: "run", run: ["./echo.sh"] }] };
    const { code, stdout, stderr } = await call({
      definition,
      env: { ...aws.env, ...references },
      files: { "echo.sh": `#!${process.execPath}\n${script}` },
      args: ["run", "--", "true"],
    });
    expect(code).toBe(0);
    expect(`${stdout}${stderr}`).toContain("***");
    // What the masks are made of, and what our own last line says, is there for other reasons.
    const printed = `${stdout}${stderr.replace(/^entrypoint: .*$/gm, "")}`.replaceAll("***", "");
    expect(NASTY.filter((value) => printed.includes(value))).toEqual([]);
    for (const value of NASTY.filter((one) => one.length >= 8)) {
      expect(printed).not.toContain(Buffer.from(value).toString("base64").slice(0, 10));
      expect(printed).not.toContain(
        encodeURIComponent(value.toWellFormed()).slice(0, 12).length > 7 ? encodeURIComponent(value) : "\u0000",
      );
    }
  });
});
