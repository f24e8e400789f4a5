import { startProgram, tempTree } from "@slipway/testkit";
import { array, assert, nat, property, shuffledSubarray } from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { readDefinition } from "../../src/boot/definition.ts";
import { buildProgram, type BuiltProgram } from "../bundle.ts";

let built: BuiltProgram;
beforeAll(async () => {
  built = await buildProgram();
});
afterAll(async () => built[Symbol.asyncDispose]());

function orderOf(list: readonly { readonly name: string; readonly after: readonly string[] }[]): readonly string[] {
  const tasks = list.map(({ name, after }) => ({
    task: "run",
    run: ["true"],
    name,
    ...(after.length > 0 && { after }),
  }));
  return readDefinition({ tasks }, {}).tasks.map(({ name }) => name ?? "");
}

/** Tasks that wait for some of those with a smaller number, in any order. */
const LISTS = array(array(nat(20), { maxLength: 3 }), { minLength: 1, maxLength: 12 })
  .map((waits) =>
    waits.map((after, index) => ({
      name: `t${String(index)}`,
      after: index === 0 ? [] : [...new Set(after.map((other) => `t${String(other % index)}`))],
    })),
  )
  .chain((list) => shuffledSubarray(list, { minLength: list.length }));

describe("the order of tasks", () => {
  it("has each task once, and after those it names", () => {
    assert(
      property(LISTS, (list) => {
        const order = orderOf(list);
        expect(order.toSorted()).toEqual(list.map(({ name }) => name).toSorted());
        for (const { name, after } of list)
          for (const other of after) expect(order.indexOf(other)).toBeLessThan(order.indexOf(name));
      }),
    );
  });

  it("is that of the list where nothing else is said", () => {
    assert(
      property(LISTS, (list) => {
        const free = list.map((task) => ({ ...task, after: [] }));
        expect(orderOf(free)).toEqual(list.map(({ name }) => name));
      }),
    );
  });

  it("takes a kind for all tasks of it that have no such name", () => {
    const wait = { task: "wait-for", url: "file:///x" };
    const tasks = [{ task: "run", run: ["a"], after: ["wait-for"] }, wait, { task: "run", run: ["b"] }, wait];
    const order = readDefinition({ tasks }, {}).tasks.map((task) => (task.task === "run" ? task.shown : task.task));
    expect(order).toEqual(["wait-for", "b", "wait-for", "a"]);
  });
});

async function run(definition: object, ...args: readonly string[]) {
  await using app = await tempTree({ "entrypoint.json": JSON.stringify(definition) });
  await using program = startProgram(process.execPath, [built.file, ...args], { cwd: app.path });
  const { code } = await program.ended;
  return { code, stdout: program.stdout(), stderr: program.stderr() };
}

describe("a start", () => {
  it("carries them out in that order, without those of other modes", async () => {
    const tasks = [
      { task: "run", name: "last", run: ["echo", "last"], after: ["first", "elsewhere"] },
      { task: "run", name: "elsewhere", run: ["echo", "elsewhere"], for: ["worker"] },
      { task: "run", name: "first", run: ["echo", "first"] },
    ];
    expect(await run({ tasks }, "run", "--quiet", "--", "echo", "APP")).toMatchObject({
      code: 0,
      stdout: "first\nlast\nAPP\n",
    });
    expect((await run({ tasks }, "explain")).stdout).toMatch(/^1\. run: echo first .*\n2\. run: echo last .*, after/m);
  });

  it("ends with 125 when its budget is used up, whatever the deadlines", async () => {
    const tasks = [{ task: "run", run: ["sleep", "60"] }];
    const { code, stdout, stderr } = await run({ budget: "4s", tasks }, "run", "--", "echo", "APP");
    expect({ code, stdout }).toEqual({ code: 125, stdout: "" });
    expect(stderr).toContain("the start has used up its budget of 4 s: sleep 60 was stopped");
    expect(stderr).toContain("[ENTRYPOINT_BUDGET_SPENT]");
  });

  it("ends with its task's own words when that fails, or takes too long by itself", async () => {
    const failing = { budget: "1m", tasks: [{ task: "run", run: ["sh", "-c", "exit 3"] }] };
    expect((await run(failing, "run", "--", "true")).code).toBe(3);
    const slow = { budget: "1m", tasks: [{ task: "run", run: ["sleep", "60"], deadline: "50ms" }] };
    expect((await run(slow, "run", "--", "true")).stderr).toContain("[ENTRYPOINT_TASK_DEADLINE]");
  });
});
