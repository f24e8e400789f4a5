import { lookUpServices } from "@slipway/testkit";
import { describe, expect, it } from "vitest";

import { SERVICE_SCENARIOS } from "./proofs.ts";
import { runScenario } from "./run-scenario.ts";

describe("the commands of a page, run as they stand there among the servers they ask", () => {
  for (const scenario of SERVICE_SCENARIOS) {
    const services = lookUpServices(...(scenario.needs ?? []));
    it.skipIf(!services.available)(`do what it says: ${scenario.page}, ${scenario.begins}`, async () => {
      const { given, shown } = await runScenario(scenario);
      expect(given).toBe(shown);
    });
  }
});
