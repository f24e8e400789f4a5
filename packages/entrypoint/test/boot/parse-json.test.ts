import { startProgram, tempTree } from "@slipway/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { parseJson } from "../../src/boot/parse-json.ts";
import { buildProgram, type BuiltProgram } from "../bundle.ts";

let built: BuiltProgram;
beforeAll(async () => {
  built = await buildProgram();
});
afterAll(async () => built[Symbol.asyncDispose]());

describe("a key that stands twice in its object is refused with its path", () => {
  it.each([
    ['{"a":1,"a":1}', "a"],
    ['{"a":{"b":[1,[],{},{"c":1,"d":2,"c":3}]}}', "a.b[3].c"],
    ['[{"a":1},{"b":{},"b":{}}]', "[1].b"],
    ['{"a":1,"\\u0061":2}', "a"],
    ['{ "x" : "{\\"", "y" : ["a", "a"], "x" : 2 }', "x"],
  ])("%s", (text, path) => {
    expect(() => parseJson(text)).toThrow(`${path}: the key stands twice in its object, expected once`);
  });
});

it.each([
  '{"a":{"a":{"a":["a","a"]}},"b":"a"}',
  '[{"a":1},{"a":1},"a","a"]',
  '{"a":"\\",","b":"{\\"b\\":[","c":[{},[]]}',
  '{"__proto__":1,"constructor":2}',
  '"a"',
  " 1 ",
])("%s is what JSON makes of it", (text) => {
  expect(parseJson(text)).toEqual(JSON.parse(text));
});

it("a text of a megabyte is looked through", () => {
  const text = JSON.stringify({ a: '"\\'.repeat(500_000), b: 1 });
  expect(parseJson(text)).toEqual(JSON.parse(text));
});

async function start(definition: string, env: NodeJS.ProcessEnv = {}) {
  await using folder = await tempTree({ "entrypoint.json": definition });
  const options = { cwd: folder.path, env: { ...process.env, ...env } };
  await using program = startProgram(process.execPath, [built.file, "run", "--", "true"], options);
  const { code } = await program.ended;
  return { code, said: program.stderr() };
}

it("a start names file or variable, path and remedy", async () => {
  const file = await start('{"tasks": [{"task": "run", "run": ["a"], "run": ["b"]}]}');
  expect(file.said).toContain("entrypoint: entrypoint.json: tasks[0].run: the key stands twice in its object");
  expect(file.code).toBe(2);
  const variable = await start("{}", { ENTRYPOINT_TASKS: '[{"task": "run", "run": ["a"], "run": ["b"]}]' });
  expect(variable.said).toContain("ENTRYPOINT_TASKS[0].run: the key stands twice in its object");
  expect(variable.code).toBe(2);
});
