import { describe, expect, it } from "vitest";

import { BuildProgress } from "../../src/engine/progress.ts";
import { parseRawJson, type Vertex } from "../../src/engine/status.ts";
import { decodeTrace } from "../../src/engine/trace.ts";
import type { BuildEvent } from "../../src/events.ts";

const STEP: Vertex = {
  digest: "sha256:a",
  name: "[app 2/2] RUN make",
  cached: false,
  started: true,
  completed: false,
  error: "",
};

describe("BuildProgress", () => {
  it("reports each step once, however often BuildKit does", () => {
    const events: BuildEvent[] = [];
    const progress = new BuildProgress((event) => events.push(event));
    for (const vertex of [STEP, STEP, { ...STEP, completed: true }, { ...STEP, completed: true }]) {
      progress.update({ vertexes: [vertex], logs: [], warnings: [] });
    }
    expect(events.map(({ type }) => type)).toEqual(["step-started", "step-finished"]);
  });

  it("ends with the build what BuildKit never ends", () => {
    const events: BuildEvent[] = [];
    const progress = new BuildProgress((event) => events.push(event));
    const cache = { ...STEP, digest: "sha256:c", name: "importing cache manifest from x" };
    for (const vertex of [STEP, cache, { ...STEP, completed: true }]) {
      progress.update({ vertexes: [vertex], logs: [], warnings: [] });
    }
    progress.end();
    progress.end();
    expect(events.filter(({ type }) => type === "step-finished")).toMatchObject([
      { step: STEP.digest },
      { step: cache.digest, name: cache.name },
    ]);
  });

  it("names the step that failed, not those that were cancelled for it", () => {
    const progress = new BuildProgress(() => {});
    const cancelled = { ...STEP, digest: "sha256:b", name: "[other] RUN x", error: "context canceled" };
    const failed = { ...STEP, error: 'process "/bin/sh -c make" did not complete successfully: exit code: 2' };
    progress.update({ vertexes: [cancelled], logs: [], warnings: [] });
    progress.update({ vertexes: [failed], logs: [{ vertex: STEP.digest, text: "50%\r100%\nboom\n" }], warnings: [] });
    expect(progress.failure("").message).toBe("[app 2/2] RUN make failed: exit code 2\n  | 100%\n  | boom");
  });

  it("keeps only the last lines", () => {
    const progress = new BuildProgress(() => {});
    const text = Array.from({ length: 500 }, (_, index) => `line ${index}\n`).join("");
    progress.update({
      vertexes: [{ ...STEP, error: "exit code: 1" }],
      logs: [{ vertex: STEP.digest, text }],
      warnings: [],
    });
    const lines = progress.failure("").message.split("\n");
    expect(lines).toHaveLength(21);
    expect(lines.at(-1)).toBe("  | line 499");
  });
});

describe("the two wire formats", () => {
  it("says the same for a raw JSON line", () => {
    const line = JSON.stringify({
      vertexes: [{ digest: "sha256:a", name: "n", started: "2026-01-01T00:00:00Z", error: "e" }],
      logs: [{ vertex: "sha256:a", data: Buffer.from("out").toString("base64") }],
    });
    expect(parseRawJson(line)).toEqual({
      vertexes: [{ digest: "sha256:a", name: "n", cached: false, started: true, completed: false, error: "e" }],
      logs: [{ vertex: "sha256:a", text: "out" }],
      warnings: [],
    });
    expect(parseRawJson("ERROR: x")).toBeUndefined();
    expect(parseRawJson("{broken")).toBeUndefined();
  });

  it("says the same for a trace record", () => {
    const vertex = [...field(1, "sha256:a"), ...field(3, "n"), 0x20, 0x01, ...field(5, ""), ...field(7, "e")];
    const log = [...field(1, "sha256:a"), ...field(4, "out".repeat(100))];
    const message = Buffer.from([...field(1, vertex), ...field(3, log)]);
    expect(decodeTrace(message.toString("base64"))).toEqual({
      vertexes: [{ digest: "sha256:a", name: "n", cached: true, started: true, completed: false, error: "e" }],
      logs: [{ vertex: "sha256:a", text: "out".repeat(100) }],
      warnings: [],
    });
  });
});

/** A length-delimited protocol-buffer field. */
function field(number: number, body: string | readonly number[]): readonly number[] {
  const bytes = typeof body === "string" ? [...Buffer.from(body)] : body;
  const size = bytes.length < 128 ? [bytes.length] : [(bytes.length % 128) + 128, Math.floor(bytes.length / 128)];
  return [number * 8 + 2, ...size, ...bytes];
}
