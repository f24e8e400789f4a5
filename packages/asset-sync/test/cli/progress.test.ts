import { startS3Double, tempTree } from "@slipway/testkit";
import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { reportProgress } from "../../src/cli/progress.ts";
import { progressText } from "../../src/cli/progress-text.ts";
import { run } from "../../src/cli/run.ts";
import { printer } from "../../src/cli/terminal.ts";
import type { SyncEvent } from "../../src/events.ts";
import { BUCKET } from "../sync/fixture.ts";
import { recordedTerminal, type RecordedTerminal } from "./recorded-terminal.ts";

const HALFWAY = { files: 1200, allFiles: 4000, bytes: 34_100_000, allBytes: 112_000_000, seconds: 14.8 };

describe("the text of the progress", () => {
  it.each([
    [Infinity, "sent      1200 of 4000 files, 34.1 MB of 112.0 MB, 2.3 MB/s, 35 s left"],
    [200, "sent      [#########---------------------] 1200 of 4000 files, 34.1 MB of 112.0 MB, 2.3 MB/s, 35 s left"],
    [83, "sent      [###-------] 1200 of 4000 files, 34.1 MB of 112.0 MB, 2.3 MB/s, 35 s left"],
    [82, "sent      1200 of 4000 files, 34.1 MB of 112.0 MB, 2.3 MB/s, 35 s left"],
    [69, "sent      1200 of 4000 files, 34.1 MB of 112.0 MB, 2.3 MB/s"],
    [58, "sent      1200 of 4000 files, 34.1 MB of 112.0 MB"],
    [40, "sent      1200 of 4000 files"],
    [20, "1200/4000"],
    [4, "1200"],
    [0, ""],
  ])("in %s columns is %j", (columns, text) => {
    expect(progressText(HALFWAY, columns)).toBe(text);
  });

  it.each([
    [100, "sent      3 of 4 files, 75 B of 100 B, 1 B/s, 34 s left"],
    [3000, "sent      3 of 4 files, 75 B of 100 B, 0 B/s, 17 min left"],
    [60_000, "sent      3 of 4 files, 75 B of 100 B, 0 B/s, 6 h left"],
    [1, "sent      3 of 4 files, 75 B of 100 B, 75 B/s"],
  ])("after %d seconds guesses what is left", (seconds, text) => {
    expect(progressText({ files: 3, allFiles: 4, bytes: 75, allBytes: 100, seconds })).toBe(text);
  });

  it("has no rate before there is one", () => {
    const text = progressText({ files: 0, allFiles: 1, bytes: 0, allBytes: 900, seconds: 0.1 });
    expect(text).toBe("sent      0 of 1 file, 0 B of 900 B");
  });

  it("never needs more room than there is", () => {
    const progress = fc.record({
      files: fc.nat(),
      allFiles: fc.nat(),
      bytes: fc.maxSafeNat(),
      allBytes: fc.maxSafeNat(),
      seconds: fc.double({ min: 0, max: 1e6, noNaN: true }),
    });
    expect(() =>
      fc.assert(fc.property(progress, fc.nat(200), (state, columns) => progressText(state, columns).length <= columns)),
    ).not.toThrow();
  });
});

const PLANNED: SyncEvent = { type: "planned", puts: 4, copies: 0, unchanged: 0, bytes: 4_000_000 };
const PHASE: SyncEvent = { type: "phase", phase: "fingerprinted", files: 4, bytes: 4_000_000 };
const UPLOADED: SyncEvent = { type: "uploaded", key: "a", bytes: 1_000_000, phase: "fingerprinted", reason: "new" };
const CLEAR = "\r\u001B[K";

function start(terminal: RecordedTerminal, flags: { readonly json?: boolean; readonly quiet?: boolean } = {}) {
  const out = printer(terminal, flags);
  const report = reportProgress(out);
  for (const event of [PLANNED, PHASE, UPLOADED]) report.event(event);
  return { out, report };
}

describe("the report of the progress", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("is on a terminal one line that is written over, and gone before the next line and at the end", () => {
    const terminal = recordedTerminal("/", 80);
    const { out, report } = start(terminal);
    vi.advanceTimersByTime(1000);
    const texts = terminal.out().split(CLEAR).slice(1);
    expect(texts.length).toBe(5);
    expect(texts.at(-1)).toBe("sent      [######--------------------] 1 of 4 files, 1.0 MB of 4.0 MB, 1.0 MB/s");
    out.line("sending   1 plain file");
    expect(terminal.out().endsWith(`MB/s${CLEAR}sending   1 plain file\n`)).toBe(true);
    vi.advanceTimersByTime(200);
    report.end();
    expect(terminal.out().endsWith(`KB/s${CLEAR}`)).toBe(true);
    vi.advanceTimersByTime(60_000);
    expect(terminal.out().endsWith(`KB/s${CLEAR}`)).toBe(true);
    expect(terminal.err()).toBe("");
  });

  it.each([20, 40, 60])("leaves the last of %s columns free", (columns) => {
    const terminal = recordedTerminal("/", columns);
    start(terminal);
    vi.advanceTimersByTime(2000);
    for (const text of terminal.out().split(CLEAR)) expect(text.length).toBeLessThan(columns);
  });

  it("is a plain line every five seconds where no terminal is", () => {
    const terminal = recordedTerminal("/");
    const { report } = start(terminal);
    vi.advanceTimersByTime(4999);
    expect(terminal.out()).toBe("");
    vi.advanceTimersByTime(1);
    report.event(UPLOADED);
    vi.advanceTimersByTime(5000);
    report.event({ type: "ledger-written", key: "k", version: "e" });
    vi.advanceTimersByTime(60_000);
    report.end();
    expect(terminal.out()).toBe(
      "sent      1 of 4 files, 1.0 MB of 4.0 MB, 200.0 KB/s, 15 s left\n" +
        "sent      2 of 4 files, 2.0 MB of 4.0 MB, 200.0 KB/s, 10 s left\n",
    );
  });

  it("is a plain line on a terminal that cannot move its cursor", () => {
    const terminal = { ...recordedTerminal("/", 80), environment: { TERM: "dumb" } };
    start(terminal);
    vi.advanceTimersByTime(5000);
    expect(terminal.out()).toBe("sent      1 of 4 files, 1.0 MB of 4.0 MB, 200.0 KB/s, 15 s left\n");
  });

  it("is nothing with --quiet", () => {
    const terminal = recordedTerminal("/", 80);
    const { report } = start(terminal, { quiet: true });
    vi.advanceTimersByTime(60_000);
    report.end();
    expect(terminal.out() + terminal.err()).toBe("");
  });

  it("is for people on stderr with --json, and out of the way of each object", () => {
    const terminal = recordedTerminal("/", 80);
    const { out } = start(terminal, { json: true });
    vi.advanceTimersByTime(200);
    out.json({ type: "uploaded" });
    expect(terminal.out()).toBe('{"type":"uploaded"}\n');
    expect(terminal.err()).toBe(
      `${CLEAR}sent      [#######-----------------------] 1 of 4 files, 1.0 MB of 4.0 MB${CLEAR}`,
    );
  });

  it("counts what a second plan adds", () => {
    const terminal = recordedTerminal("/");
    const { report } = start(terminal);
    for (const event of [UPLOADED, UPLOADED, UPLOADED]) report.event(event);
    report.event({ type: "ledger-conflict", key: "k", attempt: 1 });
    report.event({ type: "phase", phase: "plain", files: 2, bytes: 2_000_000 });
    vi.advanceTimersByTime(5000);
    expect(terminal.out()).toBe("sent      4 of 6 files, 4.0 MB of 6.0 MB, 800.0 KB/s, 3 s left\n");
  });
});

describe("a sync that takes its time", () => {
  // No time passes but what is told: a rate would be in the line after half a second.
  beforeEach(() => void vi.useFakeTimers({ toFake: ["performance"] }));
  afterEach(() => void vi.useRealTimers());

  it("shows its progress and takes it away, also when it fails", async () => {
    await using app = await tempTree({ "public/assets/a.js": "a" });
    const terminal = recordedTerminal(app.path, 80);
    const stop = new AbortController();
    const stopAtProgress = {
      ...terminal.stdout,
      write: (text: string) => {
        if (text.includes("0 of 1 file")) stop.abort();
        return terminal.stdout.write(text);
      },
    };
    await using double = await startS3Double({ buckets: [BUCKET] });
    double.fail({ fault: { kind: "delay", milliseconds: 60_000 }, matches: ({ method }) => method === "PUT" });
    vi.stubEnv("AWS_ACCESS_KEY_ID", double.credentials.accessKeyId);
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", double.credentials.secretAccessKey);
    const words = ["sync", "--to", `s3://${BUCKET}`, "--endpoint", double.endpoint, "--path-style", "--release", "v1"];
    const code = await run(words, { ...terminal, stdout: stopAtProgress }, stop.signal);
    vi.unstubAllEnvs();
    expect(code).toBe(130);
    expect(
      terminal.out().endsWith(`${CLEAR}sent      [------------------------------] 0 of 1 file, 0 B of 1 B${CLEAR}`),
    ).toBe(true);
  });
});
