import { tempTree } from "@slipway/testkit";
import { describe, expect, it } from "vitest";

import { readGemConfig } from "../../../src/config/gem-file.ts";
import { MISTAKES } from "./mistakes.ts";

describe(`${MISTAKES.length} mistakes in a config/asset_sync.yml`, () => {
  it("are a hundred at least", () => {
    expect(MISTAKES.length).toBeGreaterThanOrEqual(100);
  });

  it.each(MISTAKES)("$says $dirs: $yaml", async ({ yaml, says, dirs }) => {
    await using tree = await tempTree({ "config/asset_sync.yml": yaml });
    const outcome = await readGemConfig(`${tree.path}/config/asset_sync.yml`, { RAILS_ENV: "production" }).then(
      ({ config }) => ({ dirs: config.dirs }),
      (error: unknown) => error,
    );
    const failure = {
      code: "ASSET_SYNC_CONFIG_INVALID",
      exitCode: 2,
      message: expect.stringContaining(says ?? ""),
    };
    expect(outcome).toMatchObject(says === undefined ? { dirs } : failure);
    expect(String(outcome)).not.toMatch(/secret-word|SECRETWORD/);
  });
});
