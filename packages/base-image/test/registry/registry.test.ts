import { createHash } from "node:crypto";

import { describe, expect, it } from "vitest";

import { parseChallenge } from "../../src/registry/challenge.ts";
import { connectRegistry } from "../../src/registry/registry.ts";
import { fakeRegistry, type Answer } from "./fake-registry.ts";

const ME = { kind: "password", username: "me", password: "right" } as const;

describe("a registry that wants tokens", () => {
  it("is asked once for a token for each right, and then directly", async () => {
    await using server = await fakeRegistry();
    server.tags.set("1", "{}");
    const registry = connectRegistry(server.host, { credentials: ME });
    const found = await registry.manifest("a/b", "1");
    expect(found).toMatchObject({
      mediaType: "application/vnd.oci.image.index.v1+json",
      size: 2,
      bytes: Buffer.from("{}"),
    });
    expect(await registry.resolve("a/b", "2")).toBeUndefined();
    if (found !== undefined) await registry.put("a/b", found, "2");
    expect(await registry.resolve("a/b", "2")).toMatchObject({ digest: found?.digest });
    expect(server.requests).toEqual([
      "GET /v2/a/b/manifests/1 Basic",
      "GET /token Basic",
      "GET /v2/a/b/manifests/1 Bearer",
      "HEAD /v2/a/b/manifests/2 Bearer",
      "PUT /v2/a/b/manifests/2 Basic",
      "GET /token Basic",
      "PUT /v2/a/b/manifests/2 Bearer",
      "HEAD /v2/a/b/manifests/2 Bearer",
    ]);
  });

  it("takes an identity token in place of a password", async () => {
    await using server = await fakeRegistry();
    const registry = connectRegistry(server.host, { credentials: { kind: "token", token: "secret-token" } });
    expect(await registry.resolve("a", "1")).toBeUndefined();
    expect(server.requests).toEqual([
      "HEAD /v2/a/manifests/1 nobody",
      "POST /token nobody",
      "HEAD /v2/a/manifests/1 Bearer",
    ]);
  });

  it("refuses a wrong password with its own words, and they hold no password", async () => {
    await using server = await fakeRegistry();
    const registry = connectRegistry(server.host, { credentials: { ...ME, password: "hunter2" } });
    const refused = registry.resolve("a", "1");
    await expect(refused).rejects.toMatchObject({
      code: "BASE_IMAGE_REGISTRY_DENIED",
      message: expect.stringMatching(/a: manifests\/1: .*DENIED: wrong password/),
    });
    await expect(refused).rejects.not.toThrow("hunter2");
  });
});

describe("the digest of a manifest", () => {
  const DIGEST = `sha256:${createHash("sha256").update("{}").digest("hex")}`;

  it("is that of its bytes where the registry does not say it", async () => {
    await using server = await fakeRegistry(({ method }) => ({
      status: 200,
      ...(method === "GET" ? { body: "{}" } : {}),
    }));
    const registry = connectRegistry(server.host);
    expect(await registry.resolve("a", "1")).toMatchObject({ digest: DIGEST, size: 2 });
    expect(await registry.manifest("a", "1")).toMatchObject({ digest: DIGEST });
    await expect(registry.manifest("a", DIGEST.replace(/.$/, "_"))).rejects.toMatchObject({
      code: "BASE_IMAGE_REGISTRY_FAILED",
      message: expect.stringContaining(`the registry sent the bytes of ${DIGEST} as sha256:`),
    });
  });

  it("is not what the registry says of other bytes", async () => {
    const headers = { "docker-content-digest": "sha256:0" };
    await using server = await fakeRegistry(() => ({ status: 200, body: "{}", headers }));
    await expect(connectRegistry(server.host).manifest("a", "1")).rejects.toThrow(
      /bytes of sha256:44136fa.* as sha256:0/,
    );
  });
});

describe("a registry's refusal", () => {
  it.each([
    [
      403,
      '{"errors":[{"code":"DENIED","message":"no push for you"}]}',
      "BASE_IMAGE_REGISTRY_DENIED",
      "403 DENIED: no push for you",
    ],
    [
      405,
      '{"errors":[{"code":"UNSUPPORTED","message":"read-only"}]}',
      "BASE_IMAGE_REGISTRY_FAILED",
      "405 UNSUPPORTED: read-only",
    ],
    [
      507,
      "<html><body><h1>507 Insufficient Storage</h1></body></html>",
      "BASE_IMAGE_REGISTRY_FAILED",
      "507 Insufficient Storage",
    ],
    [
      400,
      '{"errors":[{"code":"TAG_INVALID","message":"tag is immutable"}]}',
      "BASE_IMAGE_REGISTRY_FAILED",
      "TAG_INVALID: tag is immutable",
    ],
    [500, "", "BASE_IMAGE_REGISTRY_FAILED", "500"],
    [404, "{}", "BASE_IMAGE_REGISTRY_FAILED", "404"],
  ])("of a tag with %i %s", async (status, body, code, words) => {
    await using server = await fakeRegistry((request) => (request.method === "PUT" ? { status, body } : undefined));
    const manifest = { mediaType: "x/y", digest: "", size: 2, bytes: Buffer.from("{}") };
    const refused = connectRegistry(server.host).put("a/b", manifest, "1");
    await expect(refused).rejects.toMatchObject({ code, message: expect.stringContaining(words) });
    await expect(refused).rejects.toThrow(`${server.host}/a/b`);
  });

  it("to speak HTTPS names who is spoken to without", async () => {
    await using server = await fakeRegistry();
    const host = server.host.replace("127.0.0.1", "0.0.0.0");
    await expect(connectRegistry(host).resolve("a", "1")).rejects.toMatchObject({
      code: "BASE_IMAGE_REGISTRY_UNREACHABLE",
      message: expect.stringMatching(/speaks plain HTTP; only localhost, 127\.\* and \[::1\] are spoken to so/),
    });
  });

  it("by silence names the registry and the reason", async () => {
    // Nobody has this port, and fetch does not refuse it by itself as it does port 1.
    await expect(connectRegistry("127.0.0.1:2").resolve("a", "1")).rejects.toMatchObject({
      code: "BASE_IMAGE_REGISTRY_UNREACHABLE",
      message: expect.stringMatching(/127\.0\.0\.1:2\/a.*ECONNREFUSED/),
    });
  });
});

describe("an answer that is not what it should be", () => {
  const PAGE = { status: 200, body: "<html>sign in</html>" };
  const CUT = { status: 200, body: "{", headers: { "content-length": "9", connection: "close" } };

  it.each([
    ["a page for a list", () => PAGE, "BASE_IMAGE_REGISTRY_FAILED", "200 with no JSON object"],
    ["a list that is cut off", () => CUT, "BASE_IMAGE_REGISTRY_UNREACHABLE", "does not answer"],
    [
      "a realm that is no address",
      () => signIn("/token"),
      "BASE_IMAGE_REGISTRY_DENIED",
      '"/token", which is no address',
    ],
    [
      "a page for a token",
      ({ url, headers: { host } }) => (url?.startsWith("/token") === true ? PAGE : signIn(`http://${host}/token`)),
      "BASE_IMAGE_REGISTRY_FAILED",
      "200 with no JSON object",
    ],
  ] satisfies readonly (readonly [string, Answer, string, string])[])("%s", async (_, answer, code, words) => {
    await using server = await fakeRegistry(answer);
    const refused = connectRegistry(server.host).tags("a/b");
    await expect(refused).rejects.toMatchObject({ code, message: expect.stringContaining(words) });
    await expect(refused).rejects.toThrow(`${server.host}/a/b`);
  });
});

describe("a challenge", () => {
  it.each([
    ['Basic realm="x"', { scheme: "basic" }],
    [
      'bearer realm="https://a/b",service="c \\"d\\", e",scope=f',
      { scheme: "bearer", realm: "https://a/b", service: 'c "d", e', scope: "f" },
    ],
    ["Bearer service=x", undefined],
    ["Negotiate", undefined],
    ["", undefined],
  ])("%s", (header, challenge) => expect(parseChallenge(header)).toEqual(challenge));
});

function signIn(realm: string): ReturnType<Answer> {
  return { status: 401, headers: { "www-authenticate": `Bearer realm="${realm}"` } };
}
