import { startProgram, tempTree } from "@slipway/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { readDefinition } from "../../src/boot/definition.ts";
import { EntrypointError } from "../../src/errors.ts";
import { buildProgram, type BuiltProgram } from "../bundle.ts";
import { ENV, MIGRATE, tasks, WAIT, WRONG } from "./wrong-definitions.ts";

const ALL = ["web", "worker", "migrate", "console", "sitemap"];

let built: BuiltProgram;
beforeAll(async () => {
  built = await buildProgram();
});
afterAll(async () => built[Symbol.asyncDispose]());

describe.each(WRONG)("%s", (_, definition, parts) => {
  it("is refused with its path", () => {
    const refusal = refusalOf(definition);
    for (const part of parts) expect(refusal.message).toContain(part);
    expect(refusal.exitCode).toBe(2);
    expect(refusal.message).not.toContain("s3cret");
  });
});

it("ends with 2 and starts nothing, whatever is wrong at the end", async () => {
  const definition = tasks({ task: "run", run: ["touch", "touched"] }, { task: "migrat" });
  await using app = await tempTree({ "entrypoint.json": JSON.stringify(definition) });
  await using program = startProgram(process.execPath, [built.file, "run", "--", "touch", "touched"], {
    cwd: app.path,
  });
  expect(await program.ended).toEqual({ code: 2, signal: null });
  expect(program.stderr()).toContain("entrypoint.json: tasks[1].task: there is no task");
  await using again = startProgram("ls", [app.path]);
  await again.ended;
  expect(again.stdout()).toBe("entrypoint.json\n");
});

function refusalIn(...list: readonly unknown[]): () => unknown {
  return () => readDefinition(tasks(...list), ENV, { taskList: "TASKS" });
}

it("names the list that the tasks are in", () => {
  expect(refusalIn(MIGRATE, MIGRATE)).toThrow('TASKS[1].name: "migrate" is the name of TASKS[0] too');
  expect(refusalIn({ ...WAIT, after: ["x"] })).toThrow("TASKS[0].after[0]: there is no task");
  const circle = ["a", "b"].map((name) => ({ ...WAIT, name, after: [name === "a" ? "b" : "a"] }));
  expect(refusalIn(...circle)).toThrow("TASKS[0].after: these wait for each other: TASKS[0] after TASKS[1]");
});

it("refuses a PORT that is none where it says when the app is ready, and nowhere else", () => {
  const run = { task: "run", run: ["true"] };
  const env = { PORT: "http" };
  expect(() => readDefinition(tasks({ ...run, background: true }), env)).toThrow(
    'PORT: "http", expected a port from 1 to 65535',
  );
  expect(readDefinition(tasks(run), env).port).toBe(3_000);
});

describe("a definition that is right", () => {
  it("is completed with the defaults and the variables", () => {
    const value = {
      receipt: "r.json",
      tasks: [WAIT, { task: "verify-assets" }, MIGRATE, { task: "run", run: ["echo", "$${A}"] }],
    };
    expect(readDefinition(value, ENV)).toMatchObject({
      port: 3000,
      exitCodes: new Map(),
      processes: undefined,
      receipt: "r.json",
      mode: undefined,
      tasks: [
        { task: "wait-for", url: "tcp://db:5432", deadlineMs: 60_000, totalMs: undefined, for: ALL },
        { task: "verify-assets", receipt: "r.json", deadlineMs: 60_000, for: ["web"] },
        {
          task: "migrate",
          run: ["bin/rails", "db:migrate"],
          shown: "bin/rails db:migrate",
          election: ENV.DATABASE_URL,
          deadlineMs: 900_000,
          tries: 3,
          leaseMs: 10_000,
          name: "migrate",
          mode: "run",
          database: undefined,
          paths: [],
          newer: "warn",
          for: ["web", "worker", "migrate"],
        },
        {
          task: "run",
          run: ["echo", "${A}"],
          shown: "echo $${A}",
          deadlineMs: 900_000,
          tries: 1,
          background: undefined,
          for: ALL,
        },
      ],
    });
  });

  it.each([
    ["500ms", 500],
    ["60s", 60_000],
    ["15m", 900_000],
    ["2h", 7_200_000],
  ])("knows %s", (deadline, deadlineMs) => {
    expect(readDefinition(tasks({ ...WAIT, deadline }), {}).tasks).toMatchObject([{ deadlineMs }]);
  });
});

function refusalOf(definition: unknown): EntrypointError {
  try {
    readDefinition(definition, ENV);
  } catch (error) {
    if (error instanceof EntrypointError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}
