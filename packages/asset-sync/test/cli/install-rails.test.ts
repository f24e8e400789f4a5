import { tempTree } from "@slipway/testkit";
import { describe, expect, it } from "vitest";

import { makeBundle, runProgram, type Ended } from "./bundle.ts";

describe("install-rails", () => {
  it("writes into a Rails app only, and never over a file that was changed", async () => {
    await using bundle = await makeBundle();
    await using tree = await tempTree({ "config/application.rb": "" });
    const install = (...words: readonly string[]): Promise<Ended> =>
      runProgram(bundle.program, ["install-rails", ...words], { cwd: tree.path });
    expect(await install()).toMatchObject({ code: 0, stdout: expect.stringContaining("is written") });
    expect(await install()).toMatchObject({ code: 0, stdout: expect.stringContaining("was there already") });
    await tree.write({ "lib/tasks/asset_sync.rake": "# mine" });
    expect(await install()).toMatchObject({ code: 2, stderr: expect.stringContaining("with other content") });
    expect(await install("--force")).toMatchObject({ code: 0 });
    await tree.write({ "other/config/application.rb": "", "other/lib": "no folder" });
    expect(await install("other")).toMatchObject({ code: 2, stderr: expect.stringContaining("cannot be written") });
    expect(await install("config")).toMatchObject({ code: 2, stderr: expect.stringContaining("no Rails app") });
  });
});
