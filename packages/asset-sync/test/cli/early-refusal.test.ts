import { symlink } from "node:fs/promises";
import { join } from "node:path";

import { startS3Double, tempTree } from "@slipway/testkit";
import { expect, it } from "vitest";

import { BUCKET } from "../sync/fixture.ts";
import { makeBundle, runProgram } from "./bundle.ts";

it("a build that is refused is refused at once, though the ledger that was asked for meanwhile never comes", async () => {
  await using double = await startS3Double({ buckets: [BUCKET] });
  double.fail({ fault: { kind: "stall", when: "before" }, matches: () => true });
  await using app = await tempTree({ "public/assets/app.js": "app" });
  await symlink("nowhere", join(app.path, "public/assets/gone.js"));
  await using bundle = await makeBundle();
  const place = ["--to", `s3://${BUCKET}`, "--endpoint", double.endpoint, "--region", double.region, "--path-style"];
  const words = ["sync", "--release", "v1", ...place];
  const env = {
    AWS_ACCESS_KEY_ID: double.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: double.credentials.secretAccessKey,
  };
  const ended = await runProgram(bundle.program, words, { cwd: app.path, env });
  expect(ended).toMatchObject({ code: 2, stdout: "", stderr: expect.stringContaining("[ASSET_SYNC_FILE_REFUSED]") });
});
