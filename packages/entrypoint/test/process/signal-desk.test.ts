import { fileURLToPath } from "node:url";

import { otherNodes, startProgram } from "@slipway/testkit";
import { describe, expect, it } from "vitest";

const FIXTURE = fileURLToPath(new URL("../fixtures/signal-at-the-end.ts", import.meta.url));

const NODES = [{ name: "usual", file: process.execPath }, ...otherNodes()];

describe.each(NODES)("a signal that is caught while the listeners are taken away, on the $name Node", ({ file }) => {
  it.each([
    ["SIGTERM", "ENTRYPOINT_INTERRUPTED 143"],
    ["SIGINT", "ENTRYPOINT_INTERRUPTED 130"],
    ["SIGWINCH", "closed"],
  ])("%s", async (signal, said) => {
    // The oldest takes types out of a file only when it is asked to.
    const args = ["--experimental-strip-types", "--no-warnings", FIXTURE, signal];
    await using program = startProgram(file, args);
    expect(await program.ended).toEqual({ code: 0, signal: null });
    expect(program.stdout()).toBe(said);
  });

  it.each([
    "--inspect=0",
    "--import \"data:text/javascript,import { register } from 'node:module'; register('data:text/javascript,')\"",
  ])("SIGTERM, with a loop above Node's own: %s", async (options) => {
    const args = ["--experimental-strip-types", "--no-warnings", FIXTURE, "SIGTERM"];
    const env = { ...process.env, NODE_OPTIONS: options };
    await using program = startProgram(file, args, { env });
    expect(await program.ended).toEqual({ code: 0, signal: null });
    expect(program.stdout()).toBe("ENTRYPOINT_INTERRUPTED 143");
  });
});
