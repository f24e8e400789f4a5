import { cp } from "node:fs/promises";
import { dirname, join } from "node:path";

import { lookUpServices, startProgram, tempTree } from "@slipway/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { buildProgram, type BuiltProgram } from "../bundle.ts";
import { testDatabase } from "../database.ts";

const services = lookUpServices("postgres");

let built: BuiltProgram;
beforeAll(async () => {
  built = await buildProgram();
});
afterAll(async () => built[Symbol.asyncDispose]());

/** Says of each file of the program whether V8 took its compiled form, and in the end which modules of Node's were loaded. */
const WITNESS = `const vm = require("node:vm"), { writeSync } = require("node:fs"), { Script } = vm, { execve } = process;
vm.Script = class extends Script {
  constructor(source, options) {
    super(source, options);
    if (this.cachedDataRejected !== false) writeSync(1, "compiled here: " + options.filename + "\\n");
  }
};
process.execve = (...words) => {
  for (const name of ["child_process", "zlib"])
    if (process.moduleLoadList.includes("NativeModule " + name)) writeSync(1, "loaded: " + name + "\\n");
  return execve.apply(process, words);
};`;

const TASKS = [
  { task: "wait-for", url: "${DATABASE_URL}" },
  { task: "migrate", run: ["bin/rails", "db:migrate"], election: "${DATABASE_URL}" },
];

describe.skipIf(!services.available)("a baked start with nothing pending", () => {
  it("compiles nothing and starts nothing, also where standard error is a pipe", async () => {
    await using database = await testDatabase();
    await database.query("insert into schema_migrations values ('20240101000000')");
    await using tree = await tempTree({
      "witness.cjs": WITNESS,
      "entrypoint.json": JSON.stringify({ tasks: TASKS }),
      "config/database.yml": "production:\n  adapter: postgresql\n",
      "db/migrate/20240101000000_create_shops.rb": "",
    });
    await cp(dirname(built.file), join(tree.path, "bundle"), { recursive: true });
    const file = join(tree.path, "bundle/entrypoint.cjs");
    await using baking = startProgram(process.execPath, [file, "bake"], { cwd: tree.path });
    expect((await baking.ended).code).toBe(0);
    const env = { ...process.env, DATABASE_URL: database.url, RAILS_ENV: "production" };
    const args = ["--require", "./witness.cjs", file, "run", "--", "echo", "APP"];
    await using program = startProgram(process.execPath, args, { cwd: tree.path, env });
    expect((await program.ended).code).toBe(0);
    expect(program.stderr()).toContain("nothing pending (1 migration)");
    expect(program.stdout()).toBe("APP\n");
  });
});
