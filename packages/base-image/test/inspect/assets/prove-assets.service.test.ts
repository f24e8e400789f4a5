import { join } from "node:path";

import { lookUpServices, tempTree, type TempTree } from "@slipway/testkit";
import { execa } from "execa";
import { describe, expect, it } from "vitest";

import { runCli } from "../../cli/run-cli.ts";

const services = lookUpServices("docker");
const INDEX = new URL("../../../src/index.ts", import.meta.url).pathname;

/** Compiles as a Rails application might, with a manifest of Sprockets and a packed sibling, whose names and times differ. */
const COMPILE = `set -e
mkdir -p public/assets
cat app/assets/a.css > public/assets/a.css
cat config/theme.css >> public/assets/a.css 2>/dev/null || true
cat config/routes.rb > /dev/null 2>&1 || true
touch --date=@$(date +%s%N | cut -c 6-14) public/assets/a.css
gzip -k public/assets/a.css
echo "{\\"mtime\\":\\"$(date +%N)\\"}" > public/assets/.sprockets-manifest-$(od -An -N16 -tx1 /dev/urandom | tr -d ' \\n').json
[ -z "$STRICT" ] || cat config/strict.yml
`;

const FILES = {
  "package.json": '{"type":"module"}',
  "README.md": "words",
  Gemfile: "",
  "app/assets/a.css": "a {}",
  "bin/compile": COMPILE,
  "config/routes.rb": "",
  "config/strict.yml": "",
  "public/404.html": "",
};

/** An application whose assets stage copies these. */
function application(copied: string, more: Readonly<Record<string, string>> = {}): Promise<TempTree> {
  const definition = `import { defineImage, stage } from ${JSON.stringify(INDEX)};
const gems = stage("gems", "debian:trixie-slim").workdir("/app").copy("Gemfile", "./").run("echo changed > Gemfile");
const assets = stage("assets", gems).env({ STRICT: "${"strict" in more ? "1" : ""}" })${copied}.run("sh bin/compile");
export default defineImage({ name: "x", context: ".", stages: [gems, assets] });
`;
  return tempTree({ ...FILES, ...more, "image.config.ts": definition });
}

interface Proof {
  readonly compared: number;
  readonly complete: boolean;
  readonly compiles: boolean;
  readonly differences: readonly { readonly path: string; readonly difference: string }[];
  readonly unlisted: readonly string[];
}

interface ProofRun extends Proof {
  readonly code: number;
  /** Of the images that were made. */
  readonly tags: readonly string[];
}

async function prove(tree: TempTree, ...flags: readonly string[]): Promise<ProofRun> {
  const config = join(tree.path, "image.config.ts");
  const { code, stdout } = await runCli("--config", config, "--json", "prove-assets", "--network", "host", ...flags);
  const lines = stdout.trim().split("\n");
  const events = lines.map((line): { readonly tags?: readonly string[] } => JSON.parse(line));
  const summary: Proof = JSON.parse(lines.at(-1) ?? "");
  return { ...summary, code, tags: events.flatMap(({ tags = [] }) => tags) };
}

const TAKEN = '.copy("bin/", "bin/").copy("app/assets/", "app/assets/")';

describe.skipIf(!services.available)("prove-assets", () => {
  it("passes where both make the same, and names what was opened all the same", async () => {
    await using tree = await application(TAKEN);
    expect(await prove(tree)).toMatchObject({
      code: 0,
      complete: true,
      compared: 3,
      differences: [],
      unlisted: ["config/routes.rb"],
    });
  });

  it("fails where a file is missing that the assets are made of, and names it", async () => {
    await using tree = await application(TAKEN, { "config/theme.css": "b {}" });
    const proof = await prove(tree);
    expect(proof).toMatchObject({ code: 1, complete: false, compiles: true });
    expect(proof.differences).toEqual(
      ["public/assets/a.css", "public/assets/a.css.gz"].map((path) => ({ path, difference: "different" })),
    );
    expect(proof.unlisted).toEqual(["config/routes.rb", "config/theme.css"]);
    await using mended = await application(`${TAKEN}.copy("config/theme.css", "config/")`, {
      "config/theme.css": "b {}",
    });
    expect(await prove(mended, "--no-trace")).toMatchObject({ code: 0, complete: true, unlisted: [] });
  });

  it("fails where the stage does not compile at all, and names what is missing", async () => {
    await using tree = await application(TAKEN, { strict: "" });
    const proof = await prove(tree);
    expect(proof).toMatchObject({ code: 1, complete: false, compiles: false });
    expect(proof.unlisted).toContain("config/strict.yml");
  });

  it("leaves no image behind", async () => {
    await using tree = await application(TAKEN);
    const { tags } = await prove(tree, "--no-trace");
    expect(tags).toHaveLength(2);
    const images = await execa("docker", ["image", "ls", "--format", "{{.Repository}}:{{.Tag}}"]);
    expect(images.stdout.split("\n").filter((image) => tags.includes(image))).toEqual([]);
  });

  it("refuses a stage that is not there, with the near name", async () => {
    await using tree = await application(TAKEN);
    const config = join(tree.path, "image.config.ts");
    const { code, stderr } = await runCli("--config", config, "prove-assets", "--stage", "asets");
    expect(code).toBe(2);
    expect(stderr).toContain("Did you mean assets?");
  });
});
