import { chmod, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";

import { tempTree } from "@slipway/testkit";
import { describe, expect, it } from "vitest";

import { credentialsFor, type Credentials } from "../../src/registry/credentials.ts";

const base64 = (text: string): string => Buffer.from(text).toString("base64");

describe("credentials for a registry", () => {
  it.each<readonly [string, string, object, Credentials | undefined]>([
    [
      "a name and a password",
      "r.example.com",
      { auths: { "r.example.com": { auth: base64("me:pass:word") } } },
      { kind: "password", username: "me", password: "pass:word" },
    ],
    [
      "an address with its scheme",
      "r.example.com",
      { auths: { "https://r.example.com": { auth: base64("me:x") } } },
      { kind: "password", username: "me", password: "x" },
    ],
    [
      "Docker Hub by its old address",
      "docker.io",
      { auths: { "https://index.docker.io/v1/": { auth: base64("me:x") } } },
      { kind: "password", username: "me", password: "x" },
    ],
    [
      "a token",
      "r.example.com",
      { auths: { "r.example.com": { auth: "", identitytoken: "t" } } },
      { kind: "token", token: "t" },
    ],
    ["another registry", "r.example.com", { auths: { "r.example.com:5000": { auth: base64("me:x") } } }, undefined],
    ["an empty file", "r.example.com", {}, undefined],
  ])("from %s", async (_, registry, config, found) => {
    await using tree = await tempTree({ "config.json": JSON.stringify(config) });
    expect(await credentialsFor(registry, { DOCKER_CONFIG: tree.path })).toEqual(found);
  });

  it("are none where there is no file", async () => {
    await using tree = await tempTree({});
    expect(await credentialsFor("r.example.com", { HOME: tree.path })).toBeUndefined();
  });

  it.each([
    ["is no JSON", "{"],
    ["is no object", "null"],
    ["has no name", JSON.stringify({ auths: { "r.example.com": { auth: base64("hunter2") } } })],
  ])("are refused where the file %s, without a word of it", async (_, text) => {
    await using tree = await tempTree({ "config.json": text });
    const refused = credentialsFor("r.example.com", { DOCKER_CONFIG: tree.path });
    await expect(refused).rejects.toMatchObject({ code: "BASE_IMAGE_CREDENTIALS" });
    await expect(refused).rejects.not.toThrow("hunter2");
  });
});

describe("a credential helper", () => {
  it("is asked for this registry and answers with a name and a password", async () => {
    const script = `read -r server; printf '{"Username":"%s %s","Secret":"x"}' "$1" "$server"`;
    expect(await ask(script)).toEqual({ kind: "password", username: "get r.example.com", password: "x" });
  });

  it("of this registry goes before the common one", async () => {
    const config = { credsStore: "absent", credHelpers: { "r.example.com": "test" } };
    expect(await ask(`cat > /dev/null; echo '{"Username":"<token>","Secret":"t"}'`, config)).toEqual({
      kind: "token",
      token: "t",
    });
  });

  it("that knows nobody is no failure", async () => {
    expect(await ask("cat > /dev/null; echo 'credentials not found in native keychain'; exit 1")).toBeUndefined();
  });

  it.each([
    ["fails", "cat > /dev/null; echo 'keychain is locked' >&2; exit 3", "keychain is locked"],
    ["answers something else", "cat > /dev/null; echo 'hunter2'", "something other than JSON"],
    ["answers without a secret", `cat > /dev/null; echo '{"Username":"a"}'`, "without a name or a secret"],
  ])("that %s is named, and what it printed on its standard output is not shown", async (_, script, words) => {
    const refused = ask(script);
    await expect(refused).rejects.toMatchObject({
      code: "BASE_IMAGE_CREDENTIALS",
      message: expect.stringContaining(words),
    });
    await expect(refused).rejects.toThrow("docker-credential-test");
    await expect(refused).rejects.not.toThrow("hunter2");
  });

  it("that is not installed is named", async () => {
    await expect(ask("", { credsStore: "absent" })).rejects.toThrow("docker-credential-absent");
  });
});

/** What a helper that is this script gives for a registry. */
async function ask(script: string, config: object = { credsStore: "test" }): Promise<Credentials | undefined> {
  await using tree = await tempTree({ "config.json": JSON.stringify(config) });
  const program = join(tree.path, "docker-credential-test");
  await writeFile(program, `#!/bin/sh\n${script}\n`);
  await chmod(program, 0o755);
  return await credentialsFor("r.example.com", {
    DOCKER_CONFIG: tree.path,
    PATH: [tree.path, process.env["PATH"]].join(delimiter),
  });
}
