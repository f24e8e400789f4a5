import { lookUpServices, serviceVariable } from "@slipway/testkit";
import { execa } from "execa";
import { beforeAll, describe, expect, it } from "vitest";

import { isAttestation, parseIndex, parseManifest, platformName, type OciIndex } from "../../src/publish/oci-layout.ts";
import { runCli } from "../cli/run-cli.ts";
import { enableEmulation } from "./emulation.ts";
import { registry } from "./published.ts";
import { jsonLines, randomRepository, smallDefinition } from "./small-image.ts";

const services = lookUpServices("docker", "registry", "emulation");

const PLATFORMS = ["linux/amd64", "linux/arm64"];
const NODE = "24.21.0";

/**
 * No image here has an arm64 version, so these are made for both: an operating system of a few Debian packages, and node's
 * binary as npm has it. They are put together on this machine's own architecture: nothing runs in them.
 */
const SYSTEM = `
FROM --platform=$BUILDPLATFORM debian:trixie-slim AS fetch
ARG TARGETARCH
RUN dpkg --add-architecture $TARGETARCH && apt-get update -qq && mkdir -p /root-fs/usr/bin /root-fs/usr/lib /root-fs/usr/lib64 /root-fs/usr/sbin /root-fs/tmp /root-fs/var/lib/dpkg \\
 && cd /root-fs && ln -s usr/bin bin && ln -s usr/lib lib && ln -s usr/lib64 lib64 && ln -s usr/sbin sbin && cd /tmp \\
 && for name in busybox-static libc6 libstdc++6 libgcc-s1 libatomic1; do \\
      apt-get download -qq $name:$TARGETARCH; \\
    done \\
 && for deb in *.deb; do dpkg-deb -x $deb /root-fs; done \\
 && for deb in *.deb; do dpkg-deb -f $deb Package Version Architecture; printf 'Status: install ok installed\\n\\n'; done >/root-fs/var/lib/dpkg/status \\
 && ln -sf busybox /root-fs/usr/bin/sh && ln -sf busybox /root-fs/usr/bin/uname
FROM scratch
COPY --from=fetch /root-fs /
`;

const NODE_BINARY = `
FROM --platform=$BUILDPLATFORM node:24-trixie-slim AS fetch
ARG TARGETARCH
RUN cd /tmp && npm pack --silent node-linux-$(echo $TARGETARCH | sed s/amd64/x64/)@${NODE} && tar xzf node-linux-*.tgz
FROM scratch
COPY --from=fetch /tmp/package/bin/node /usr/local/bin/node
`;

describe.skipIf(!services.available)("publish for two platforms", () => {
  beforeAll(enableEmulation);

  it("pushes one index, each platform run and verified, with what is in it", { timeout: 600_000 }, async () => {
    const host = serviceVariable("TEST_REGISTRY");
    const [system, node] = [`${host}/${randomRepository()}:system`, `${host}/${randomRepository()}:node`];
    await using _ = removedFromEngine(system, node);
    await Promise.all([pushFor(PLATFORMS, system, SYSTEM), pushFor(PLATFORMS, node, NODE_BINARY)]);
    await using definition = await smallDefinition(
      `stage("app", from("${system}")).copy("/usr/local/bin/node", "/usr/local/bin/node", { from: from("${node}") })` +
        `.run("node --version >/version && uname -m >/machine").label({ small: "yes" })`,
    );
    const repository = randomRepository();
    const args = ["--json", "--config", definition.config, "publish", "--to", `${host}/${repository}`];
    const ran = await runCli(...args, ...PLATFORMS.flatMap((platform) => ["--platform", platform]));
    expect(ran).toMatchObject({ code: 0 });

    const events = jsonLines(ran.stdout);
    expect(events.filter(({ type }) => type === "image-verifying").map(({ platform }) => platform)).toEqual(PLATFORMS);
    const assertions = events.filter(({ type }) => type === "assertion");
    expect(assertions.map(({ passed }) => passed)).toEqual(Array.from({ length: 6 }, () => true));
    const index = await indexAt(repository, "app");
    const images = index.manifests.filter((each) => !isAttestation(each));
    expect(images.map(platformName)).toEqual(PLATFORMS);
    expect(index.annotations).toMatchObject({ "slipway.node": NODE });
    for (const image of images) {
      const statements = await statementsOf(repository, index, image.digest);
      expect(Object.keys(statements)).toEqual(["https://spdx.dev/Document", "https://slsa.dev/provenance/v0.2"]);
      const documents = statements["https://spdx.dev/Document"]?.join("\n");
      expect(documents).toContain('"name":"libc6"');
      expect(documents).toContain(`pkg:generic/node@${NODE}`);
      expect(documents).toContain("pkg:generic/openssl@");
      expect(documents).toContain(image.digest.replace("sha256:", ""));
      expect(statements["https://slsa.dev/provenance/v0.2"]?.join("")).toContain(node.replace(/:node$/, ""));
    }
  });
});

/** Docker's own builder keeps what it has pushed, and what it has built on. */
function removedFromEngine(...images: readonly string[]): AsyncDisposable {
  return {
    [Symbol.asyncDispose]: async () => {
      await execa("docker", ["image", "rm", ...images], { reject: false });
    },
  };
}

async function pushFor(platforms: readonly string[], image: string, dockerfile: string): Promise<void> {
  const args = [
    "buildx",
    "build",
    "--network",
    "host",
    "--provenance=false",
    "--platform",
    platforms.join(","),
    "--push",
  ];
  await execa("docker", [...args, "--tag", image, "-"], { input: dockerfile });
}

async function indexAt(repository: string, reference: string): Promise<OciIndex> {
  return parseIndex((await registry().manifest(repository, reference))?.bytes ?? Buffer.from("{}"));
}

/** What is attested of an image, by the kind of the statement. */
async function statementsOf(
  repository: string,
  index: OciIndex,
  digest: string,
): Promise<Readonly<Record<string, readonly string[]>>> {
  const attestation = index.manifests.find((each) => each.annotations?.["vnd.docker.reference.digest"] === digest);
  const manifest = await registry().manifest(repository, attestation?.digest ?? "");
  const statements: Record<string, string[]> = {};
  for (const layer of parseManifest(manifest?.bytes ?? Buffer.from("{}")).layers) {
    const kind = layer.annotations?.["in-toto.io/predicate-type"] ?? "";
    (statements[kind] ??= []).push(await registry().blob(repository, layer.digest));
  }
  return statements;
}
