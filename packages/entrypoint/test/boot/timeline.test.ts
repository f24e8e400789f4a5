import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { startProgram, tempTree } from "@slipway/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { metricLines } from "../../src/boot/metrics.ts";
import { timelinePage } from "../../src/boot/timeline-page.ts";
import { timelineTable, type Timeline } from "../../src/boot/timeline.ts";
import { buildProgram, type BuiltProgram } from "../bundle.ts";

let built: BuiltProgram;
beforeAll(async () => {
  built = await buildProgram();
});
afterAll(async () => built[Symbol.asyncDispose]());

const TIMELINE: Timeline = {
  release: "r<1>",
  seconds: 12.5,
  exitCode: null,
  steps: [
    {
      task: "wait-for",
      subject: "tcp db:1",
      outcome: "ready",
      start: 0.03,
      seconds: 2,
      wait: 2,
      exitCode: null,
      peakMegabytes: null,
    },
    {
      task: "migrate",
      subject: 'a "b" <c>',
      outcome: "run here",
      start: 2.03,
      seconds: 10.4,
      wait: 0.4,
      exitCode: 0,
      peakMegabytes: 181.6,
    },
  ],
};

it("is a table with a line for each step", () => {
  expect(timelineTable(TIMELINE)).toBe(
    [
      "timeline, 12.50 s in all",
      "   start     took  waited  exit    peak",
      "  0.03 s   2.00 s  2.00 s                wait-for: tcp db:1",
      '  2.03 s  10.40 s  0.40 s     0  182 MB  migrate: a "b" <c>',
    ].join("\n"),
  );
});

it("is a page that needs nothing else and shows texts as they are", () => {
  const page = timelinePage(TIMELINE);
  expect(page).not.toMatch(/<script|https?:|src=|url\(/);
  expect(page).toContain("a &quot;b&quot; &lt;c&gt;: run here");
  expect(page).toContain("Release <b>r&lt;1&gt;</b>: 2 steps in 12.50 s, then the app took over.");
  expect(page).toContain('<span class="wait" style="left: 16.24%; width: 3.20%">');
});

it("is metrics in CloudWatch's embedded format", () => {
  const [boot, ...steps] = metricLines(TIMELINE, "Shop", new Date(1_000)).map((line) => JSON.parse(line) as object);
  expect(boot).toEqual({
    _aws: {
      Timestamp: 1_000,
      CloudWatchMetrics: [
        {
          Namespace: "Shop",
          Dimensions: [[]],
          Metrics: [
            { Name: "BootSeconds", Unit: "Seconds" },
            { Name: "BootFailed", Unit: "Count" },
          ],
        },
      ],
    },
    BootSeconds: 12.5,
    BootFailed: 0,
    release: "r<1>",
  });
  expect(steps).toHaveLength(2);
  expect(steps[1]).toMatchObject({ Step: "migrate", StepSeconds: 10.4, StepWait: 0.4 });
});

describe("a start", () => {
  const tasks = [
    { task: "wait-for", url: "file:///etc/passwd" },
    { task: "run", run: [process.execPath, "-e", "const b = Buffer.alloc(100e6, 1); setTimeout(() => b, 3000)"] },
  ];

  async function run(args: readonly string[], definition: object = { tasks }, env: NodeJS.ProcessEnv = {}) {
    const folder = await tempTree({ "entrypoint.json": JSON.stringify(definition), secret: "hidden<&>value" });
    await using program = startProgram(process.execPath, [built.file, "run", ...args, "--", "echo", "APP"], {
      cwd: folder.path,
      env: { ...process.env, ...env },
    });
    const { code } = await program.ended;
    return { folder, code, stdout: program.stdout(), stderr: program.stderr() };
  }

  it("tells its timeline at the end, with the memory of its commands", async () => {
    const { folder, stderr } = await run([]);
    expect(stderr).toMatch(/timeline, \d+\.\d\d s in all\n/);
    const [, peak] = /0\.00 s +0 +(\d+) MB {2}run: /.exec(stderr) ?? [];
    expect(Number(peak)).toBeGreaterThan(100);
    await folder[Symbol.asyncDispose]();
  });

  it("keeps a page, of a start that fails too, without secrets", async () => {
    const failing = { tasks: [...tasks.slice(0, 1), { task: "run", run: ["sh", "-c", "exit 3 # hidden<&>value"] }] };
    const { folder, code } = await run(["--timeline", "boot.html"], failing, {
      SECRET: "secret-file:/proc/self/cwd/secret",
    });
    expect(code).toBe(3);
    const page = await readFile(join(folder.path, "boot.html"), "utf8");
    expect(page).toContain("ended with 3");
    expect(page).not.toMatch(/hidden|value/);
    await folder[Symbol.asyncDispose]();
  });

  it("starts the app all the same when the page cannot be written", async () => {
    const { folder, code, stderr } = await run(["--timeline", "/no/such/boot.html"], { tasks: [] });
    expect(code).toBe(0);
    expect(stderr).toContain("the timeline is not kept: ENOENT");
    await folder[Symbol.asyncDispose]();
  });

  it("gives metrics on standard output, before the app's own", async () => {
    const { folder, stdout } = await run(["--metrics", "Shop"], { tasks: tasks.slice(0, 1) });
    const lines = stdout.trim().split("\n");
    expect(lines).toHaveLength(3);
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({ BootFailed: 0 });
    expect(JSON.parse(lines[1] ?? "")).toMatchObject({ Step: "wait-for" });
    expect(lines[2]).toBe("APP");
    await folder[Symbol.asyncDispose]();
  });
});
