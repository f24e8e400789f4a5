import { lookUpServices, serviceVariable, startProgram, tempTree } from "@slipway/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { buildProgram, type BuiltProgram } from "../bundle.ts";

const services = lookUpServices("postgres", "mysql");

let built: BuiltProgram;
beforeAll(async () => {
  built = await buildProgram();
});
afterAll(async () => built[Symbol.asyncDispose]());

async function waitFor(variable: string, keys: object) {
  const url = new URL(serviceVariable(variable));
  url.pathname = "/not_created_yet";
  const task = { task: "wait-for", url: url.href, deadline: "1s", ...keys };
  await using folder = await tempTree({ "entrypoint.json": JSON.stringify({ tasks: [task] }) });
  const args = [built.file, "run", "--", "echo", "APP"];
  await using program = startProgram(process.execPath, args, { cwd: folder.path });
  const { code } = await program.ended;
  return { code, stderr: program.stderr() };
}

describe.skipIf(!services.available).each(["TEST_DATABASE_URL", "TEST_MYSQL_URL"])(
  "a server of %s without that database",
  (variable) => {
    it("is not ready", async () => {
      const { code, stderr } = await waitFor(variable, {});
      expect(code).toBe(125);
      expect(stderr).toContain("[ENTRYPOINT_WAIT_DEADLINE]");
    });

    it("is ready where that is accepted, because a later task creates it", async () => {
      const { code, stderr } = await waitFor(variable, { missing: "accept", deadline: "30s" });
      expect(stderr).toMatch(/not_created_yet: ready, without a database yet \(/);
      expect(code).toBe(0);
    });
  },
);
