import { describe, expect, it } from "vitest";

import { outputOf, runSync } from "../../src/index.ts";

describe("a program that is run to its end", () => {
  it("is told with its code and what it wrote", () => {
    const end = runSync("sh", ["-c", 'cat; echo "$NAME" >&2; exit 3'], { input: "in", env: { NAME: "n" } });
    expect(end).toEqual({ status: 3, stdout: "in", stderr: "n\n" });
  });

  it("is killed at its limit even when it ignores TERM, and named with what it said", () => {
    const hangs = ["-c", 'trap "" TERM; echo here; while :; do sleep 1; done'];
    expect(() => runSync("sh", hangs, { limitMs: 300 })).toThrow(/sh -c trap .*ETIMEDOUT.*said:\nhere/s);
  });

  it("is told when it cannot be started", () => {
    expect(() => runSync("no-such-program", ["x"])).toThrow(/no-such-program x \(.*ENOENT/);
  });
});

describe("the output of a program", () => {
  it("is an error when it does not end with 0", () => {
    expect(outputOf("echo", ["a b"])).toBe("a b\n");
    expect(() => outputOf("sh", ["-c", "echo why >&2; exit 4"])).toThrow("sh ended with 4: why");
  });
});
