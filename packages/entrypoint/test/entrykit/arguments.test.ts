import { describe, expect, it } from "vitest";

import { readArguments } from "../../src/entrykit/arguments.ts";

function readTaskFile(): string {
  return "# comment\nPREHOOK_A=file a\r\nPREHOOK_B=file b\nEK_PREHOOK_C=no\n";
}

const NOTHING = { env: {}, readFile: () => "" };

function commands(
  args: readonly string[],
  sources: Partial<typeof NOTHING> & { env?: NodeJS.ProcessEnv } = {},
): string[] {
  return readArguments("prehook", args, { ...NOTHING, ...sources }).tasks.map((task) => task.command);
}

describe("tasks", () => {
  it("run in the order they are declared, and none replaces another", () => {
    expect(commands(["bundle exec rails db:migrate", "bundle exec rake sitemap:refresh", "./a", "./b"])).toEqual([
      "bundle exec rails db:migrate",
      "bundle exec rake sitemap:refresh",
      "./a",
      "./b",
    ]);
  });

  it("are named only when a word without a slash or a space stands before the =", () => {
    const words = ["a=echo 1", "env FOO=bar show x", "a=", "db:migrate=rake db:migrate", "./x=1"];
    expect(readArguments("prehook", words, NOTHING).tasks).toEqual([
      { name: "a", named: true, command: "" },
      { name: "env", named: false, command: "env FOO=bar show x" },
      { name: "db:migrate", named: true, command: "rake db:migrate" },
      { name: "x=1", named: false, command: "./x=1" },
    ]);
  });

  it("given a name twice keep their place and take the later command", () => {
    expect(commands(["one=a", "two=b", "one=c"])).toEqual(["c", "b"]);
  });

  it("may be empty arguments, which are skipped", () => {
    expect(commands(["", "x", ""])).toEqual(["x"]);
  });

  it("come from the environment with -e or -E only", () => {
    const env = { PREHOOK_A: "one", prehook_b: "two", EK_PREHOOK_C: "three", CODEP_D: "four" };
    expect(commands(["-e"], { env })).toEqual(["one", "two"]);
    expect(commands(["-E"], { env })).toEqual(["three"]);
    const { tasks, warnings } = readArguments("prehook", ["--", "app"], { ...NOTHING, env });
    expect(tasks).toEqual([]);
    expect(warnings).toEqual(["PREHOOK_A, prehook_b not run: tasks are taken from the environment with -e or -E only"]);
  });

  it("come from a file, then the environment, then the arguments", () => {
    const env = { PREHOOK_B: "env b" };
    expect(commands(["-f", "tasks", "-e", "c=arg c"], { env, readFile: readTaskFile })).toEqual([
      "file a",
      "env b",
      "arg c",
    ]);
  });
});

it("leaves everything after the first -- alone", () => {
  const args = ["x", "--", "prehook", "-q", "--", "app", ""];
  expect(readArguments("prehook", args, NOTHING).exec).toEqual(["prehook", "-q", "--", "app", ""]);
});

it.each([[["-q", "x"]], [["--help"]], [["-f"]], [["-f", ""]]])("refuses %j", (args) => {
  expect(() => readArguments("prehook", args, NOTHING)).toThrow(/Unknown option|-f needs/);
});

it("takes the value of --output in the same word too", () => {
  expect(readArguments("codep", ["--output=lines", "x"], NOTHING).options.output).toBe("lines");
  expect(() => readArguments("prehook", ["--output=lines", "x"], NOTHING)).toThrow("Unknown option --output");
});

it("warns of -p as entrykit does", () => {
  expect(readArguments("prehook", ["-p", "x"], NOTHING).warnings).toEqual([
    expect.stringMatching(/^-p flag not implemented yet/),
  ]);
});
