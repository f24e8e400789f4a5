import { mkdir, readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import { lookUpServices, tempTree } from "@slipway/testkit";
import { execa } from "execa";
import { describe, expect, it } from "vitest";

const MAIN = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));
const INDEX = new URL("../../src/index.ts", import.meta.url).pathname;
const services = lookUpServices("docker");

const DEFINITION = `import { defineImage, from, secret, stage } from ${JSON.stringify(INDEX)};
const app = stage("app", from("debian:trixie-slim")).run("sleep 300", { mounts: [secret("token", { env: "TOKEN" })] });
export default defineImage({ name: "slipway-test-interrupted", stages: [app] });
`;

describe.skipIf(!services.available)("a signal while docker buildx runs", () => {
  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("%s ends it in words, and leaves nothing behind", async (signal, exitCode) => {
    await using tree = await tempTree({
      "package.json": '{"type":"module"}',
      "image.config.ts": DEFINITION,
      token: "secret",
    });
    const tmp = `${tree.path}/tmp`;
    await mkdir(tmp);
    const args = ["--config", `${tree.path}/image.config.ts`, "--json", "build", "--no-cache"];
    const program = execa(
      process.execPath,
      ["--conditions=source", MAIN, ...args, "--secret", `id=token,src=${tree.path}/token`],
      { env: { TMPDIR: tmp }, reject: false },
    );
    let isSent = false;
    for await (const line of program.iterable()) {
      if (isSent || !/"step-started".*sleep 300/.test(line)) continue;
      expect(await readdir(tmp)).not.toEqual([]);
      isSent = program.kill(signal);
    }
    const result = await program;
    expect(result.exitCode).toBe(exitCode);
    expect(result.stderr).toContain("[BASE_IMAGE_INTERRUPTED]");
    expect(await readdir(tmp)).toEqual([]);
  });
});
