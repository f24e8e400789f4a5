import { lookUpServices, serviceVariable, startProgram, tempTree } from "@slipway/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { buildProgram, type BuiltProgram } from "../bundle.ts";
import { BACK_ENDS } from "../election/back-ends.ts";

const services = lookUpServices("mysql");

let built: BuiltProgram;
beforeAll(async () => {
  built = await buildProgram();
});
afterAll(async () => built[Symbol.asyncDispose]());

async function waitFor(url: URL, deadline = "10s") {
  // oxlint-disable-next-line no-template-curly-in-string -- the entrypoint's own variables
  const definition = { tasks: [{ task: "wait-for", url: "${URL}", deadline }] };
  await using folder = await tempTree({ "entrypoint.json": JSON.stringify(definition) });
  const env = { ...process.env, URL: url.href };
  await using program = startProgram(process.execPath, [built.file, "run", "--", "echo", "APP"], {
    cwd: folder.path,
    env,
  });
  const { code } = await program.ended;
  return { code, stderr: program.stderr() };
}

function address(change: (url: URL) => void = () => undefined): URL {
  const url = new URL(serviceVariable("TEST_MYSQL_URL"));
  change(url);
  return url;
}

describe.skipIf(!services.available)("mysql", () => {
  it.each(["mysql2:", "mysql:", "trilogy:", "mariadb:"])("is ready by %s when a session answers", async (scheme) => {
    const url = new URL(address().href.replace(/^[a-z0-9]+:/, scheme));
    const { code, stderr } = await waitFor(url);
    expect(stderr).toMatch(/wait-for: MySQL [^ ]+\/services: ready/);
    expect(code).toBe(0);
  });

  it.each([
    { part: "password", value: "wr0ng", reason: /Access denied for user/ },
    { part: "pathname", value: "/none_such", reason: /none_such/ },
    { part: "port", value: "9", reason: /ECONNREFUSED/ },
  ] as const)(
    "is not ready when the $part is wrong, and says so without the password",
    async ({ part, value, reason }) => {
      const url = address((own) => {
        own[part] = value;
      });
      const { code, stderr } = await waitFor(url, "3s");
      expect(code).toBe(125);
      expect(stderr).toMatch(reason);
      expect(stderr).not.toMatch(/wr0ng|services-secret/);
    },
  );

  it("does not accept a certificate that is not vouched for where that was asked", async () => {
    const url = address((own) => own.searchParams.set("ssl_mode", "VERIFY_IDENTITY"));
    expect((await waitFor(url, "3s")).code).toBe(125);
  });

  it("ends at once when the authority's file is not there", async () => {
    const { code, stderr } = await waitFor(
      address((own) => own.searchParams.set("sslca", "/no/such.pem")),
      "30s",
    );
    expect({ code, missing: stderr.includes("sslca /no/such.pem") }).toEqual({ code: 125, missing: true });
  });

  it("is followed by a migration that is elected in the same server, once per release", async () => {
    const mysql = BACK_ENDS.find(({ name }) => name === "MySQL");
    if (mysql === undefined) throw new Error("there is no MySQL among the back ends");
    await using backEnd = await mysql.make();
    const definition = {
      tasks: [
        { task: "wait-for", url: "${URL}" },
        { task: "migrate", run: ["sh", "-c", backEnd.note], election: "${URL}", deadline: "20s" },
      ],
    };
    await using folder = await tempTree({ "entrypoint.json": JSON.stringify(definition) });
    const env = { ...process.env, ...backEnd.env, URL: backEnd.url, ENTRYPOINT_RELEASE: "r1" };
    for (let count = 0; count < 2; count += 1) {
      const args = [built.file, "run", "--", "echo", "APP"];
      await using program = startProgram(process.execPath, args, { cwd: folder.path, env });
      await program.says("APP");
      expect(await program.ended).toEqual({ code: 0, signal: null });
    }
    expect(await backEnd.count()).toBe(1);
  });
});
