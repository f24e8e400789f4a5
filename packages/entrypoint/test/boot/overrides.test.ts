import { startProgram, tempTree } from "@slipway/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { readDefinition } from "../../src/boot/definition.ts";
import { applyOverrides, generalOverrides } from "../../src/boot/overrides.ts";
import { TOP_KEYS } from "../../src/boot/schema.ts";
import { TASK_KEYS } from "../../src/boot/task-keys.ts";
import { buildProgram, type BuiltProgram } from "../bundle.ts";

const DEFINITION = {
  tasks: [
    { task: "migrate", run: ["bin/rails", "db:migrate"], election: "file:///tmp/e", deadline: "1m" },
    { task: "run", run: ["true"] },
  ],
  processes: { web: { run: ["puma"] } },
};

let built: BuiltProgram;
beforeAll(async () => {
  built = await buildProgram();
});
afterAll(async () => built[Symbol.asyncDispose]());

it("has a variable for every key, and no two the same", () => {
  const keys = TOP_KEYS.length + Object.values(TASK_KEYS).flat().length;
  // Exit codes have one that adds to the definition's.
  expect(new Set(generalOverrides().map(({ variable }) => variable)).size).toBe(keys - 1);
});

it("goes before the file for a process, and for one task by its name", () => {
  const definition = {
    tasks: [
      { task: "run", run: ["a"], name: "site-map" },
      { task: "run", run: ["b"] },
    ],
    processes: { "web-1": { run: ["puma"] }, jobs: { run: ["sidekiq"] } },
  };
  const env = {
    ENTRYPOINT_RUN_DEADLINE: "1m",
    ENTRYPOINT_TASK_SITE_MAP_DEADLINE: "2m",
    ENTRYPOINT_TASK_SITE_MAP_BACKGROUND: "true",
    ENTRYPOINT_PROCESS_WEB_1_STOP_SIGNAL: "SIGQUIT",
    ENTRYPOINT_PROCESS_JOBS_RESTART: "always",
    ENTRYPOINT_PROCESS_JOBS_RESTARTS: "7",
    ENTRYPOINT_PROCESS_JOBS_RUN: '["sh", "-c", "sidekiq -c $N"]',
  };
  const { tasks, processes } = readDefinition(applyOverrides(definition, env), {});
  expect(tasks).toMatchObject([
    { name: "site-map", deadlineMs: 120_000, background: {} },
    { deadlineMs: 60_000, background: undefined },
  ]);
  expect(processes?.processes).toMatchObject([
    { name: "web-1", argv: ["puma"], stopSignal: "SIGQUIT" },
    { name: "jobs", argv: ["sh", "-c", "sidekiq -c $N"], restart: { when: "always", most: 7 } },
  ]);
});

it("takes all tasks and all processes as JSON, in which variables are as in the file", () => {
  const env = {
    ENTRYPOINT_TASKS: '[{"task": "wait-for", "url": "tcp://${HOST}:80"}]',
    ENTRYPOINT_PROCESSES: '{"web": {"run": ["puma"]}}',
    ENTRYPOINT_PROCESS_WEB_RESTART: "failure",
  };
  const { tasks, processes } = readDefinition(applyOverrides(DEFINITION, env), { HOST: "db" });
  expect(tasks).toMatchObject([{ task: "wait-for", url: "tcp://db:80" }]);
  expect(processes?.processes).toMatchObject([{ name: "web", restart: { when: "failure" } }]);
});

it.each([
  ["ENTRYPOINT_MIGRATE_DEADLINE", "2h", { deadlineMs: 7_200_000 }],
  ["ENTRYPOINT_MIGRATE_TRIES", "7", { tries: 7 }],
  ["ENTRYPOINT_MIGRATE_RUN", "bin/rails db:prepare", { run: ["bin/rails", "db:prepare"] }],
  ["ENTRYPOINT_MIGRATE_RUN", '["sh", "-c", "echo ${HOME}"]', { run: ["sh", "-c", "echo ${HOME}"] }],
  ["ENTRYPOINT_MIGRATE_ELECTION", "s3://bucket/elections", { election: "s3://bucket/elections" }],
  ["ENTRYPOINT_MIGRATE_FOR", "web worker", { for: ["web", "worker"] }],
  ["ENTRYPOINT_MIGRATE_MODE", "wait", { mode: "wait" }],
])("%s=%s goes before the file", (variable, value, expected) => {
  const [task, other] = readDefinition(applyOverrides(DEFINITION, { [variable]: value }), {}).tasks;
  expect(task).toMatchObject(expected);
  expect(other).toMatchObject({ run: ["true"], tries: 1 });
});

describe.each([
  ["ENTRYPOINT_MIGRATE_DEADLINE", "soon", 'ENTRYPOINT_MIGRATE_DEADLINE: "soon", expected a duration'],
  ["ENTRYPOINT_MIGRATE_TRIES", "many", 'ENTRYPOINT_MIGRATE_TRIES: "many", expected a whole number'],
  ["ENTRYPOINT_MODE", "wep", 'ENTRYPOINT_MODE: "wep": did you mean web?'],
  [
    "ENTRYPOINT_MIGRATE_DEADLIN",
    "1s",
    "ENTRYPOINT_MIGRATE_DEADLIN: this environment variable is not read by anything here; did you mean ENTRYPOINT_MIGRATE_DEADLINE?",
  ],
  [
    "ENTRYPOINT_PROCESS_WBE_RESTART",
    "always",
    "ENTRYPOINT_PROCESS_WBE_RESTART: this environment variable is not read by anything here; did you mean ENTRYPOINT_PROCESS_WEB_RESTART?",
  ],
  ["ENTRYPOINT_PROCESS_WEB_RESTART", "alway", 'ENTRYPOINT_PROCESS_WEB_RESTART: "alway": did you mean always?'],
  ["ENTRYPOINT_PROCESS_WEB_RESTARTS", "2", "processes.web.restarts: there is no restart"],
  ["ENTRYPOINT_TASKS", "[{s3cret", "ENTRYPOINT_TASKS: its value is not JSON"],
  ["ENTRYPOINT_TASKS", "{}", "tasks: an object, expected a list of tasks"],
  ["ENTRYPOINT_PROCESSES", "[]", "processes: an empty list, expected an object"],
  ["ENTRYPOINT_RUN_BACKGROUND", "yes", 'ENTRYPOINT_RUN_BACKGROUND: "yes", expected true or false'],
])("%s=%s", (variable, value, said) => {
  it("is refused with its name, and nothing is started", async () => {
    await using folder = await tempTree({ "entrypoint.json": JSON.stringify(DEFINITION) });
    const options = { cwd: folder.path, env: { ...process.env, [variable]: value } };
    await using program = startProgram(process.execPath, [built.file, "run", "--", "echo", "APP"], options);
    expect((await program.ended).code).toBe(2);
    expect(program.stderr()).toContain(said);
    expect(program.stdout()).toBe("");
    expect(program.stderr()).not.toContain("s3cret");
  });
});

it.each([
  ["bin/rails console", "", []],
  ["bundle exec puma", "", ["migrate", "run"]],
  ["bundle exec puma", "console", []],
])("for %s with mode %j carries out %j", async (command, mode, tasks) => {
  const definition = { tasks: [DEFINITION.tasks[0], { ...DEFINITION.tasks[1], for: ["web", "worker"] }] };
  await using folder = await tempTree({ "entrypoint.json": JSON.stringify(definition) });
  const options = { cwd: folder.path, env: { ...process.env, ENTRYPOINT_MODE: mode } };
  const args = [built.file, "explain", "--json", "--", ...command.split(" ")];
  await using program = startProgram(process.execPath, args, options);
  expect((await program.ended).code).toBe(0);
  const { steps } = JSON.parse(program.stdout()) as { readonly steps: readonly { readonly task: string }[] };
  expect(steps.map(({ task }) => task)).toEqual(tasks);
});
