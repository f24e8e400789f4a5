import { describe, expect, it } from "vitest";

import { verdictOn } from "../src/browser/life.ts";
import { treeOf } from "../src/browser/process-tree.ts";
import { readConfig } from "../src/config.ts";
import { HeldBytes } from "../src/http/held-bytes.ts";
import { RequestMetrics } from "../src/http/metrics.ts";

describe("the environment", () => {
  it("has defaults, and six tenths of the container's memory for the browser", () => {
    expect(readConfig({}, 2e9)).toMatchObject({
      kind: "config",
      config: {
        port: 3000,
        concurrency: 6,
        timeoutMs: 30_000,
        memoryBytes: 1.2e9,
        allowedHosts: [],
        publicHosts: true,
      },
    });
    expect(readConfig({}, undefined)).toEqual(readConfig({}, 2e9));
  });

  it.each([
    ["PORT", "0"],
    ["PORT", "3000 "],
    ["PDF_CONCURRENCY", "six"],
    ["PDF_TIMEOUT_SECONDS", "1.5"],
    ["PDF_STOP_SECONDS", "120"],
    ["PDF_MEMORY_MB", "-1"],
    ["PDF_PUBLIC_HOSTS", "no"],
    ["PDF_ALLOWED_HOSTS", "127.0.0.1"],
    ["PDF_CONCURENCY", "6"],
  ])("is refused with %s=%j, by name", (name, value) => {
    expect(readConfig({ [name]: value }, 2e9)).toEqual({ kind: "faults", faults: [expect.stringContaining(name)] });
  });
});

describe("a browser's life", () => {
  const limits = { recycleAfter: 100, memoryBytes: 1000 };

  it.each([
    [99, 1000, { kind: "keep" }],
    [100, 0, { kind: "retire", reason: "prints" }],
    [0, 1001, { kind: "retire", reason: "memory" }],
    [0, 1501, { kind: "kill", reason: "memory" }],
  ])("after %i prints and with %i bytes: %j", (printed, memoryBytes, verdict) => {
    expect(verdictOn({ printed, memoryBytes }, limits)).toEqual(verdict);
  });

  it("counts the processes that descend from it and no others", () => {
    const processes = [
      { pid: 1, parent: 0 },
      { pid: 7, parent: 1 },
      { pid: 8, parent: 7 },
      { pid: 9, parent: 8 },
      { pid: 10, parent: 1 },
    ];
    expect(treeOf(7, processes).toSorted((a, b) => a - b)).toEqual([7, 8, 9]);
  });
});

describe("held bytes", () => {
  it("are shared, limited and given back", () => {
    const held = new HeldBytes(10);
    {
      using first = held.share();
      using second = held.share();
      expect([first.take(6), second.take(5), second.take(4), first.take(1)]).toEqual([true, false, true, false]);
    }
    expect(held.total).toBe(0);
  });
});

describe("metrics", () => {
  it("are in Prometheus' text format", () => {
    const metrics = new RequestMetrics();
    metrics.add("OK", 0.3);
    metrics.add("PDF_TIMEOUT", 31);
    const text = metrics.render();
    for (const line of [
      "# TYPE pdf_requests_total counter",
      'pdf_requests_total{code="PDF_TIMEOUT"} 1',
      'pdf_request_seconds_bucket{le="0.25"} 0',
      'pdf_request_seconds_bucket{le="0.5"} 1',
      'pdf_request_seconds_bucket{le="30"} 1',
      'pdf_request_seconds_bucket{le="+Inf"} 2',
      "pdf_request_seconds_count 2",
    ]) {
      expect(text.split("\n")).toContain(line);
    }
  });
});
