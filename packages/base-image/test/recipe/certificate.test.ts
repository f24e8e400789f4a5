import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

import { tempTree, type TempTree } from "@slipway/testkit";
import { describe, expect, it } from "vitest";

import { certificate } from "../../src/recipe/certificate.ts";
import { rubyNode } from "../../src/recipe/ruby-node.ts";
import { renderDockerfile } from "../../src/stage/dockerfile.ts";
import { rejection } from "../rejection.ts";

describe("certificate", () => {
  it("gives the blocks of a file and nothing else, and each goes to a file of its own", async () => {
    await using tree = await authorities();
    const text = certificate(join(tree.path, "both.crt"));
    expect(text.match(/BEGIN CERTIFICATE/g)).toHaveLength(2);
    expect(text).not.toContain("a comment");
    const definition = rubyNode({ ruby: "3.3", node: "24", suite: "trixie", certificates: { runtime: [text, text] } });
    const dockerfile = renderDockerfile(definition, "runtime").text;
    const files = dockerfile.match(/(?<=\/usr\/local\/share\/ca-certificates\/)[0-9a-f]{16}(?=\.crt$)/gm);
    expect(new Set(files).size).toBe(2);
    expect(files).toHaveLength(2);
    expect(dockerfile).toContain("RUN update-ca-certificates");
  });

  it.each([
    ["absent.crt", "cannot be read"],
    ["key.pem", "private key"],
    ["empty.crt", "no certificate"],
    ["broken.crt", "cannot be read"],
  ])("refuses %s", async (file, reason) => {
    await using tree = await authorities();
    const error = await rejection(() => certificate(join(tree.path, file)));
    expect(error).toMatchObject({ code: "BASE_IMAGE_CERTIFICATE", exitCode: 2 });
    expect(error.message).toContain(reason);
  });

  it("refuses a URL of the network", async () => {
    const error = await rejection(() => certificate(new URL("https://example.com/ca.crt")));
    expect(error).toMatchObject({ code: "BASE_IMAGE_INVALID_VALUE", exitCode: 2 });
    expect(error.message).toContain("a path or a file: URL");
  });
});

/** Two authorities in one file with a comment and CRLF, and files that are none. */
async function authorities(): Promise<TempTree> {
  const tree = await tempTree({
    "empty.crt": "nothing here\n",
    "broken.crt": "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
  });
  const both = "{ echo 'a comment'; cat one.crt; echo; sed 's/$/\\r/' two.crt; } > both.crt";
  const script = [...["one", "two"].map(selfSigned), both].join("\n");
  await promisify(execFile)("sh", ["-ec", script], { cwd: tree.path });
  return tree;
}

function selfSigned(name: string): string {
  return `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=${name} -keyout key.pem -out ${name}.crt`;
}
