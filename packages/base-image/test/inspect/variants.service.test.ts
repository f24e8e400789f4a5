import { execFile } from "node:child_process";
import { promisify } from "node:util";

import { lookUpServices } from "@slipway/testkit";
import Dockerode from "dockerode";
import { describe, expect, it } from "vitest";

import { assertionsFor } from "../../src/inspect/assertions.ts";
import { probeImage } from "../../src/inspect/image-probe.ts";
import { verifyImage, type Verification } from "../../src/inspect/verify.ts";
import { aptInstall } from "../../src/recipe/apt.ts";
import { from } from "../../src/stage/base.ts";
import { stage } from "../../src/stage/stage.ts";
import { scratchBuild } from "../engine/scratch-build.ts";
import { builtImage, SHARED_VARIANTS } from "../shared-base.ts";
import { PDF_FAULTS } from "./faults.ts";

const services = lookUpServices("docker");

describe.skipIf(!services.available)("variants with every setting", () => {
  it.each(["ci", "pdf"])("finds nothing wrong with %s", async (variant) => {
    const { failed, passed } = await verify(await builtImage(SHARED_VARIANTS, variant), variant);
    expect(failed).toEqual([]);
    expect(passed).toBeGreaterThan(25);
  });

  it.each(PDF_FAULTS)("goes red on a pdf image with %s, and only on that", async (_, breakIt, expected) => {
    const pdf = stage("broken", from(await builtImage(SHARED_VARIANTS, "pdf")));
    await using image = await scratchBuild({ stages: [breakIt(pdf.user("root"))] });
    const names = [...expected, "label slipway.fonts is ipaex"];
    const { failed } = await verify(image.tag, "pdf", names);
    expect(failed.map(({ name }) => name).toSorted()).toEqual(expected.toSorted());
  });

  it("prints a Japanese page whose fonts and text other programs read", async () => {
    const poppler = stage("poppler", from("debian:trixie-slim")).with(aptInstall(["poppler-utils"]));
    await using reader = await scratchBuild({ stages: [poppler] }, { network: "host" });
    const pdf = await dockerRun(["--read-only", "--tmpfs", "/tmp"], await builtImage(SHARED_VARIANTS, "pdf"), PRINT);
    const read = `echo ${pdf.trim()} | base64 -d > /tmp/page.pdf; pdffonts /tmp/page.pdf; pdftotext /tmp/page.pdf -`;
    const found = await dockerRun([], reader.tag, read);
    expect(found).toMatch(/IPAexGothic +CID TrueType +Identity-H +yes yes yes/);
    expect(found).toMatch(/IPAexMincho +CID TrueType +Identity-H +yes yes yes/);
    expect(found).toContain("職務経歴書");
  });
});

const PRINT = `cd /tmp
echo '<!doctype html><html lang="ja"><meta charset="utf-8"><h1>職務経歴書</h1><p style="font-family: serif">東京都</p><p style="font-family: sans-serif">Ruby と Node</p>' > page.html
chromium-headless-shell --no-sandbox --disable-dev-shm-usage --print-to-pdf=page.pdf page.html 2>/dev/null
base64 --wrap=0 page.pdf`;

async function dockerRun(options: readonly string[], image: string, script: string): Promise<string> {
  const args = ["run", "--rm", "--network", "none", ...options, image, "sh", "-ec", script];
  return (await promisify(execFile)("docker", args, { maxBuffer: 2 ** 24 })).stdout;
}

async function verify(tag: string, variant: string, names?: readonly string[]): Promise<Verification> {
  const assertions = assertionsFor(SHARED_VARIANTS, variant).filter(
    ({ name }) => names === undefined || names.includes(name),
  );
  return verifyImage(await probeImage(new Dockerode(), tag), assertions, () => {});
}
