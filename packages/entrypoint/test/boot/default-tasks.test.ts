import { startProgram, tempTree } from "@slipway/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { buildProgram, type BuiltProgram } from "../bundle.ts";

const RECEIPT = JSON.stringify({ format: "slipway-receipt/1", release: "r7", target: "s3://b", files: {} });

let built: BuiltProgram;
beforeAll(async () => {
  built = await buildProgram();
});
afterAll(async () => built[Symbol.asyncDispose]());

interface Call {
  readonly definition?: object;
  readonly env?: NodeJS.ProcessEnv;
  readonly verb?: "explain" | "run";
}

async function call(command: string, { definition = {}, env, verb = "explain" }: Call = {}) {
  const files = { "entrypoint.json": JSON.stringify(definition), "receipt.json": RECEIPT };
  await using folder = await tempTree(files);
  const own = { PATH: process.env["PATH"], DATABASE_URL: "postgres://app:s3cret@db/shop", ...env };
  const args = [built.file, verb, "--", ...command.split(" ")];
  await using program = startProgram(process.execPath, args, { cwd: folder.path, env: own });
  const { code } = await program.ended;
  return { code, stdout: program.stdout(), stderr: program.stderr() };
}

describe("a definition without tasks", () => {
  it("has a web server wait for its database, prepare it once per release, and begin", async () => {
    expect((await call("bin/rails server")).stdout).toBe(`release: none
mode: web
tasks: the defaults, as the definition names none
1. wait-for: PostgreSQL db:5432/shop (deadline 60 s)
2. migrate: bin/rails db:prepare (once per release by PostgreSQL db:5432/shop, deadline 900 s, 3 tries)
then: becomes bin/rails server
on ECS:
   startPeriod: 960 s may be needed, and there are at most 300 s: a healthCheckGracePeriodSeconds of the service from 960, on top of what the app takes
   startTimeout: 960 s may be needed, and there are at most 120 s: containers that depend on this one may give up before, unless a \`budget\` ends the start
   stopTimeout: 8 s may be needed: the default of 30 is enough
`);
  });

  it("has it wait for Redis and look for its assets where it has some", async () => {
    const env = { REDIS_URL: "redis://cache:6379/1" };
    const { stdout } = await call("bundle exec puma", { definition: { receipt: "receipt.json" }, env });
    expect(stdout).toMatch(/^release: r7 .*\n.*\n.*\n1\. wait-for: Postgre.*\n2\. wait-for: Redis cache:6379 /);
    expect(stdout).toMatch(/^3\. verify-assets: receipt\.json .*\n4\. migrate: /m);
  });

  it("has a worker wait for others to migrate", async () => {
    const { stdout } = await call("bundle exec sidekiq");
    expect(stdout).toMatch(/^2\. migrate: bin\/rails db:prepare \(waits until others have run it, deadline 900 s\)$/m);
    expect(stdout).not.toContain("3. ");
  });

  it.each([
    ["bin/rails db:migrate", ["wait-for", "migrate"]],
    ["bin/rails console", []],
    ["bin/rails sitemap:refresh", ["wait-for"]],
  ])("before %s carries out %j", async (command, tasks) => {
    const { stdout } = await call(command);
    expect([...stdout.matchAll(/^\d\. ([a-z-]+):/gm)].map(([, task]) => task)).toEqual(tasks);
  });

  it("takes an address that is kept elsewhere, and keys from the environment", async () => {
    const env = { DATABASE_URL: "ssm:/shop/url", ENTRYPOINT_MIGRATE_DEADLINE: "30m" };
    const { stdout } = await call("bin/rails server", { env });
    expect(stdout).toContain(
      "2. migrate: bin/rails db:prepare (once per release by what ssm:/shop/url names, deadline 1800 s",
    );
  });

  it("is refused where there is no DATABASE_URL, and for a database that cannot be asked", async () => {
    const none = await call("true", { env: { DATABASE_URL: "" }, verb: "run" });
    expect(none.code).toBe(2);
    expect(none.stderr).toContain(
      "entrypoint.json: tasks: missing, and the default ones need DATABASE_URL, which is not set",
    );
    const sqlite = await call("true", { env: { DATABASE_URL: "sqlite3:storage/production.sqlite3" }, verb: "run" });
    expect(sqlite.code).toBe(2);
    expect(sqlite.stderr).toContain("default tasks[0].url: the value of ${DATABASE_URL} is wrong: scheme sqlite3://");
  });

  it("is not the same as one that has none", async () => {
    expect(await call("echo APP", { definition: { tasks: [] }, env: { DATABASE_URL: "" }, verb: "run" })).toMatchObject(
      {
        code: 0,
        stdout: "APP\n",
      },
    );
  });
});
