import { join } from "node:path";

import { tempTree } from "@slipway/testkit";
import { describe, expect, it } from "vitest";

import { interruption, reportFailure } from "../../src/cli/failure.ts";
import { run } from "../../src/cli/run.ts";
import { AssetSyncError } from "../../src/errors.ts";
import { recordedTerminal } from "./recorded-terminal.ts";

const never = new AbortController().signal;

describe("a failure with --json", () => {
  it.each([
    [["sync", "--release", "v1", "--json"], "ASSET_SYNC_TARGET_INVALID"],
    [["plan", "nowhere", "--to", "file://store", "--release", "v1", "--json"], "ASSET_SYNC_ASSETS_MISSING"],
    [["verify", "--receipt", "nowhere.json", "--json"], "ASSET_SYNC_RECEIPT_INVALID"],
    [["sync", "--json", "--wrong"], "ASSET_SYNC_USAGE"],
    [["sync", "--wrong", "--json"], "ASSET_SYNC_USAGE"],
    [["--json"], "ASSET_SYNC_USAGE"],
    [["deploy", "--json"], "ASSET_SYNC_USAGE"],
  ])("of %j is an error line and then a summary with the exit code", async (words, code) => {
    await using app = await tempTree();
    const terminal = recordedTerminal(app.path);
    expect(await run(words, terminal, never)).toBe(2);
    const [error, summary] = terminal.lines().slice(-2);
    expect(error).toEqual({ type: "error", code, message: expect.any(String), hint: expect.any(String), exitCode: 2 });
    expect(summary).toEqual({ type: "summary", exitCode: 2 });
    expect(terminal.err()).toContain(`[${code}]`);
  });

  it("is prose where --json is an argument and no flag", async () => {
    await using app = await tempTree();
    const terminal = recordedTerminal(app.path);
    expect(await run(["sync", "--to", "ftp://x", "--", "--json"], terminal, never)).toBe(2);
    expect(terminal.out()).toBe("");
  });

  it("has the exit code of the signal that interrupted the work", () => {
    const stop = new AbortController();
    stop.abort(interruption("SIGTERM"));
    const terminal = recordedTerminal("/");
    const error = new AssetSyncError("ASSET_SYNC_INTERRUPTED", "The sync of v1 was interrupted.");
    expect(reportFailure(error, terminal, true, stop.signal)).toBe(143);
    expect(terminal.lines().map(({ exitCode }) => exitCode)).toEqual([143, 143]);
  });

  it("is an interruption and no bug where the work passes on why it was stopped", () => {
    const stop = new AbortController();
    stop.abort(interruption("SIGINT"));
    const terminal = recordedTerminal("/");
    expect(reportFailure(stop.signal.reason, terminal, true, stop.signal)).toBe(130);
    expect(terminal.lines()[0]).toMatchObject({ code: "ASSET_SYNC_INTERRUPTED", message: "The run was interrupted." });
  });

  it("keeps the stack of a bug", () => {
    const terminal = recordedTerminal("/");
    expect(reportFailure(new TypeError("x is not a function"), terminal, true, never)).toBe(1);
    const [error, summary] = terminal.lines();
    expect(error).toMatchObject({
      code: "BUG",
      message: expect.stringMatching(/x is not a function\n? *.*failure\.test/s),
    });
    expect(summary).toEqual({ type: "summary", exitCode: 1 });
  });

  it("has the exit code in the summary of a verification that finds something missing", async () => {
    await using app = await tempTree({ "public/assets/a.js": "a" });
    const { signal } = new AbortController();
    const to = `file://${join(app.path, "store")}`;
    expect(await run(["sync", "--to", to, "--release", "v1"], recordedTerminal(app.path), signal)).toBe(0);
    const terminal = recordedTerminal(app.path);
    expect(await run(["verify", "--to", `${to}-of-others`, "--json"], terminal, signal)).toBe(1);
    expect(terminal.lines()).toMatchObject([{ type: "summary", holds: false, exitCode: 1 }]);
  });
});
