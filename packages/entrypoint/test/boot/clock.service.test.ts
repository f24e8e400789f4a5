import { globSync } from "node:fs";
import { copyFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import { lookUpServices, startProgram } from "@slipway/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { buildProgram, type BuiltProgram } from "../bundle.ts";
import { BACK_ENDS, type TestBackEnd } from "../election/back-ends.ts";
import { startAwsDouble } from "../secrets/aws-double.ts";
import { bootContainer, HARD } from "./boot-container.ts";

const services = lookUpServices("docker", "faketime", "s3");

const LIBRARY = "libfaketime.so.1";

let built: BuiltProgram;
beforeAll(async () => {
  built = await buildProgram();
  if (!services.available) return;
  const [library = ""] = globSync("/usr/lib/*/faketime/libfaketime.so.1");
  await copyFile(library, join(dirname(built.file), LIBRARY));
});
afterAll(async () => built[Symbol.asyncDispose]());

/** Docker's flags for a container whose wall clock is off by that much; durations and the dates of files are right. */
function clockOf(offset: string): readonly string[] {
  const real = { FAKETIME_DONT_FAKE_MONOTONIC: "1", NO_FAKE_STAT: "1" };
  return envFlags({ LD_PRELOAD: `/bundle/${LIBRARY}`, FAKETIME: offset, ...real });
}

async function makeS3(): Promise<TestBackEnd> {
  const kind = BACK_ENDS.find(({ name }) => name === "S3");
  if (kind === undefined) throw new Error("there is no back end S3");
  return kind.make();
}

function envFlags(env: NodeJS.ProcessEnv): readonly string[] {
  return Object.entries(env).flatMap(([name, value]) => ["-e", `${name}=${value ?? ""}`]);
}

describe.skipIf(!services.available)("a container with a wrong clock", () => {
  it.each(["+3h", "-3h"])("%s reads its secrets, by a signature for AWS' clock", async (offset) => {
    await using aws = await startAwsDouble({ parameters: { "/x": { value: "right", type: "SecureString" } } });
    const flags = [
      "--network",
      "host",
      "--init",
      ...HARD,
      ...clockOf(offset),
      ...envFlags({ ...aws.env, X: "ssm:/x" }),
    ];
    const command = ["sh", "-c", 'echo "$X $(date +%s)"'];
    await using start = await bootContainer(built, { tasks: [] }, flags, { command });
    const { code, stdout, stderr } = await start.end();
    expect({ code, stderr }).toMatchObject({ code: 0 });
    const [value, seconds] = stdout.split(" ");
    expect(value).toBe("right");
    expect(Math.abs(Number(seconds) - Date.now() / 1000)).toBeGreaterThan(3_500);
    expect(aws.requests()).toBe(2);
  });

  it.each(["+3h", "-3h"])("%s is elected in S3", async (offset) => {
    await using backEnd = await makeS3();
    const task = { task: "run", run: ["echo", "elected"], name: "once", election: backEnd.url };
    const flags = ["--network", "host", "--init", ...HARD, ...clockOf(offset), ...envFlags(backEnd.env)];
    for (const output of ["elected\nAPP\n", "APP\n"]) {
      await using start = await bootContainer(built, { tasks: [task] }, [...flags, "-e", "ENTRYPOINT_RELEASE=r1"], {});
      expect(await start.end()).toMatchObject({ code: 0, stdout: output });
    }
  });

  it("from before this program was made is told so by doctor", async () => {
    const image = ["node:24-trixie-slim", "node", "/bundle/entrypoint.cjs", "doctor"];
    const place = ["--rm", "--network", "none", "-v", `${dirname(built.file)}:/bundle:ro`];
    await using program = startProgram("docker", ["run", ...place, ...clockOf("-10y"), ...image]);
    expect((await program.ended).code).toBe(1);
    expect(program.stdout()).toMatch(/^bad +clock +20\d\d-.*, before this program was made$/m);
  });
});
