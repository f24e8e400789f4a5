import { fileURLToPath } from "node:url";

import { startProgram } from "@slipway/testkit";
import { describe, expect, it } from "vitest";

const FIXTURE = fileURLToPath(new URL("../fixtures/signal-at-the-end.ts", import.meta.url));

describe("a signal that is caught while the listeners are taken away", () => {
  it.each([
    ["SIGTERM", "ENTRYPOINT_INTERRUPTED 143"],
    ["SIGINT", "ENTRYPOINT_INTERRUPTED 130"],
    ["SIGWINCH", "closed"],
  ])("%s", async (signal, said) => {
    await using program = startProgram(process.execPath, [FIXTURE, signal]);
    expect(await program.ended).toEqual({ code: 0, signal: null });
    expect(program.stdout()).toBe(said);
  });
});
