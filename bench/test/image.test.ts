import { describe, expect, it } from "vitest";

import { phasesOf } from "../src/image/docker-build.ts";

const step = (digest: string, name: string, seconds: number, cached = false) => ({
  digest,
  name,
  cached,
  started: "2026-01-01T00:00:00Z",
  completed: new Date(Date.UTC(2026, 0, 1) + seconds * 1_000).toISOString(),
});

describe("where the time of a build went", () => {
  it("is in steps and in exporting, with the last word on each step and none on what was cached", () => {
    const reports = [
      { vertexes: [{ digest: "a", name: "[app 1/2] RUN make", started: "2026-01-01T00:00:00Z" }] },
      { vertexes: [step("a", "[app 1/2] RUN make", 3), step("b", "[app 2/2] COPY . .", 9, true)] },
      { vertexes: [step("c", "[internal] load build context", 5), step("d", "exporting to image", 2)] },
      { logs: [] },
    ];
    const progress = ["a warning", ...reports.map((report) => JSON.stringify(report))].join("\n");
    expect(phasesOf(progress)).toEqual({ "s in steps": 3, "s exporting": 2 });
  });
});
