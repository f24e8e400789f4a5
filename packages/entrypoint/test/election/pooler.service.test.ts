import { lookUpServices, startProgram, tempTree } from "@slipway/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { buildProgram, type BuiltProgram } from "../bundle.ts";
import { testDatabase } from "../database.ts";
import { startPgBouncer } from "./pgbouncer.ts";

let built: BuiltProgram;
beforeAll(async () => {
  built = await buildProgram();
});
afterAll(async () => built[Symbol.asyncDispose]());

describe.skipIf(!lookUpServices("postgres", "pgbouncer").available)("an election behind PgBouncer", () => {
  it.each([
    ["transaction", 125, "ENTRYPOINT_ELECTION_POOLED"],
    ["statement", 125, "ENTRYPOINT_ELECTION_POOLED"],
    ["session", 0, "run here"],
  ])("in %s mode ends with %i and says %s", async (mode, code, said) => {
    await using stack = new AsyncDisposableStack();
    const database = stack.use(await testDatabase());
    const url = stack.use(await startPgBouncer(database.url, { mode })).url;
    const task = { task: "migrate", run: ["true"], election: url, deadline: "20s" };
    const folder = stack.use(await tempTree({ "entrypoint.json": JSON.stringify({ tasks: [task] }) }));
    for (let round = 0; round < 3; round += 1) {
      const env = { ...process.env, ENTRYPOINT_RELEASE: `r${String(round)}` };
      const args = [built.file, "run", "--", "echo", "APP"];
      const program = stack.use(startProgram(process.execPath, args, { cwd: folder.path, env }));
      expect((await program.ended).code).toBe(code);
      expect(program.stderr()).toContain(said);
    }
  });
});
