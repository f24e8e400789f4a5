import { describe, expect, it } from "vitest";

import { SCENARIOS } from "./proofs.ts";
import { runScenario } from "./run-scenario.ts";

describe("the commands of a page, run as they stand there", () => {
  it.each(SCENARIOS)("do what it says: $page, $begins", async (scenario) => {
    const { given, shown } = await runScenario(scenario);
    expect(given).toBe(shown);
  });
});
