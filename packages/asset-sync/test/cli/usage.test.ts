import { describe, expect, it } from "vitest";

import { run } from "../../src/cli/run.ts";
import { recordedTerminal } from "./recorded-terminal.ts";

const never = new AbortController().signal;

const VERBS =
  "sync, plan, apply, verify, releases, pin, unpin, collect, push, import, adopt, preflight, install-rails, report";

describe("the remedy for a wrong command line", () => {
  it.each([
    [["snyc"], "Did you mean sync?"],
    [["--versoin"], "Did you mean --version?"],
    [["sync", "--dry-rum"], "Did you mean --dry-run?"],
    [["sync", "--realese=v1"], "Did you mean --release?"],
    [["releases", "--quite"], "Did you mean --quiet?"],
    [["verify", "--everything"], "`asset-sync verify --help` lists what it takes."],
    [["sync", "public", "more"], "`asset-sync sync --help` lists what it takes."],
    [["sync", "--to"], "`asset-sync sync --help` lists what it takes."],
    [["public"], `The verb comes first, one of ${VERBS}: \`asset-sync --help\` says what each does.`],
    [["deploy"], `The verb comes first, one of ${VERBS}: \`asset-sync --help\` says what each does.`],
    [["--to", "s3://shop"], "The verb comes first, its flags after it: `asset-sync --help` lists the verbs."],
  ])("%j is %j", async (words, hint) => {
    const terminal = recordedTerminal("/");
    expect(await run(words, terminal, never)).toBe(2);
    const lines = terminal.err().trimEnd().split("\n");
    expect(lines.slice(1)).toEqual([hint, "[ASSET_SYNC_USAGE]"]);
    expect(terminal.out()).toBe("");
  });
});
