import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";

import type { Fault, FaultRule, S3Double } from "@slipway/testkit";
import { afterEach, describe, expect, it, vi } from "vitest";

import { openDouble, type DoubleStore } from "./double-store.ts";
import { largeRequest, putRequest } from "./store-contract.ts";

afterEach(() => vi.unstubAllEnvs());

/** Credentials of a container, other ones each time they are asked for. */
async function credentialServer(double: S3Double): Promise<AsyncDisposable & { readonly asked: () => number }> {
  let asked = 0;
  const server = createServer((_, response) => {
    asked += 1;
    const credentials = {
      accessKeyId: `AKIA${asked}`,
      secretAccessKey: `secret${asked}`,
      sessionToken: `token${asked}`,
    };
    double.accept(credentials);
    const expiration = new Date(Date.now() + 3_600_000).toISOString();
    const { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: Token } = credentials;
    response.end(JSON.stringify({ AccessKeyId, SecretAccessKey, Token, Expiration: expiration }));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  vi.stubEnv("AWS_ACCESS_KEY_ID", undefined);
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", undefined);
  const { port } = Object(server.address()) as AddressInfo;
  vi.stubEnv("AWS_CONTAINER_CREDENTIALS_FULL_URI", `http://127.0.0.1:${port}/`);
  return {
    asked: () => asked,
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

describe("credentials that expire in mid-run", () => {
  it("are asked for anew, once for all requests that need it, and the run goes on", async () => {
    await using opened = await openDouble();
    await using credentials = await credentialServer(opened.double);
    const { store, double } = opened;
    await store.put(putRequest("a", "1"));
    double.expire("AKIA1");
    expect((await store.put(putRequest("b", "2"))).outcome).toBe("stored");
    expect((await store.get("b"))?.body.toString()).toBe("2");
    expect(credentials.asked()).toBe(2);
    expect(double.log.at(-1)?.headers["x-amz-security-token"]).toBe("token2");
  });

  it("are refused at once where there are no newer ones", async () => {
    await using opened = await openDouble();
    opened.double.expire(opened.double.credentials.accessKeyId);
    const put = opened.store.put(putRequest("a", "1"));
    await expect(put).rejects.toMatchObject({ code: "ASSET_SYNC_CREDENTIALS_REFUSED" });
    expect(opened.counter.counts().put).toBe(1);
  });
});

describe("an endpoint that asks for less", () => {
  it("is waited for as long as it says, and each complaint is told", async () => {
    let complaints = 0;
    await using opened = await openDouble({}, { onThrottle: () => (complaints += 1) });
    const headers = { "retry-after": "7" };
    opened.double.fail({
      fault: { kind: "answer", status: 503, code: "SlowDown", headers },
      matches: () => true,
      times: 2,
    });
    expect((await opened.store.put(putRequest("a", "1"))).outcome).toBe("stored");
    expect(opened.pauses).toEqual([7_000, 7_000]);
    expect(complaints).toBe(2);
  });

  it("is asked as often as patience says, and no more", async () => {
    await using opened = await openDouble({}, { patience: { attempts: 3 } });
    opened.double.fail({ fault: { kind: "answer", status: 500, code: "InternalError" }, matches: () => true });
    await expect(opened.store.get("a")).rejects.toMatchObject({ message: expect.stringContaining("3 attempts") });
    expect(opened.counter.counts().get).toBe(3);
  });
});

describe("an upload in parts", () => {
  const bytes = Buffer.alloc(20 * 2 ** 20, "slipway");

  it("needs a look, a beginning, its parts, a look and an end", async () => {
    await using opened = await openDouble();
    await opened.store.putLarge(largeRequest("large", bytes, { kind: "absent" }));
    expect(opened.double.log.map(({ method }) => method)).toEqual([
      "HEAD",
      "POST",
      "PUT",
      "PUT",
      "PUT",
      "PUT",
      "HEAD",
      "POST",
    ]);
    expect(opened.counter.counts()).toMatchObject({ total: 8, put: 6, head: 2 });
  });

  it.each([
    ["POST", 1],
    ["PUT", 2],
    ["POST", 2],
  ])("that fails at %s number %d leaves no parts behind", async (method, number) => {
    await using opened = await openDouble();
    let seen = 0;
    const fault = { kind: "answer", status: 403, code: "AccessDenied" } as const;
    opened.double.fail({ fault, matches: (request) => request.method === method && (seen += 1) >= number });
    const put = opened.store.putLarge(largeRequest("large", bytes));
    await expect(put).rejects.toMatchObject({
      code: "ASSET_SYNC_ACCESS_DENIED",
      message: expect.stringMatching(/large/),
    });
    expect(opened.double.uploads("shop")).toEqual([]);
    expect([...opened.double.objects("shop").keys()]).toEqual([]);
  });

  it("that is interrupted leaves no parts behind", async () => {
    await using opened = await openDouble();
    const put = interruptedPut(opened, "PUT", () => ({ kind: "stall", when: "before" }));
    await expect(put).rejects.toMatchObject({ name: "AbortError" });
    expect(opened.double.uploads("shop")).toEqual([]);
  });

  it("that is interrupted while it begins leaves no upload behind", async () => {
    await using opened = await openDouble();
    const put = interruptedPut(opened, "POST", (interrupted) => ({ kind: "held", until: interrupted }));
    await expect(put).rejects.toMatchObject({ name: "AbortError" });
    expect(opened.double.uploads("shop")).toEqual([]);
    expect(opened.double.log.map(({ method }) => method)).toEqual(["POST", "DELETE"]);
  });

  it("that is interrupted ends although it never begins", async () => {
    await using opened = await openDouble();
    const put = interruptedPut(opened, "POST", () => ({ kind: "stall", when: "before" }));
    await expect(put).rejects.toMatchObject({ name: "AbortError" });
    expect(opened.double.uploads("shop")).toEqual([]);
  });

  /** Sends the object, and interrupts that at a request of this method, which meets the fault. */
  function interruptedPut(
    { double, store }: DoubleStore,
    method: string,
    faultOf: (interrupted: Promise<unknown>) => Fault,
  ): ReturnType<DoubleStore["store"]["putLarge"]> {
    const stop = new AbortController();
    const fault = faultOf(once(stop.signal, "abort"));
    const matches: FaultRule["matches"] = (request) => {
      if (request.method === method) setImmediate(() => stop.abort());
      return request.method === method;
    };
    double.fail({ fault, matches });
    return store.putLarge(largeRequest("large", bytes), stop.signal);
  }

  it.each(["before", "body", "after"] as const)("survives a cut %s at each of its requests", async (when) => {
    for (let index = 0; index < 5; index += 1) {
      await using opened = await openDouble();
      opened.double.fail({ fault: { kind: "cut", when }, matches: (_, at) => at === index });
      expect((await opened.store.putLarge(largeRequest("large", bytes))).outcome).toBe("stored");
      expect(opened.double.objects("shop").get("large")?.body.equals(bytes)).toBe(true);
    }
  });
});

describe("an endpoint without conditions", () => {
  it("that says so is told apart from a condition that does not hold", async () => {
    await using opened = await openDouble({ conditions: "unsupported" });
    expect(await opened.store.put(putRequest("a", "1", { kind: "absent" }))).toEqual({ outcome: "unsupported" });
    expect((await opened.store.put(putRequest("a", "1"))).outcome).toBe("stored");
  });
});

describe("what an object gets beside bytes and headers", () => {
  it("is nothing that was not asked for, and a checksum that older stores know", async () => {
    await using opened = await openDouble();
    await opened.store.put(putRequest("a", "1"));
    const names = Object.keys(opened.double.log[0]?.headers ?? {}).filter((name) => /^x-amz-|^content-/.test(name));
    expect(names.toSorted()).toEqual([
      "content-length",
      "content-md5",
      "content-type",
      "x-amz-content-sha256",
      "x-amz-date",
      "x-amz-meta-sha256",
    ]);
  });

  it("is sent with bytes in one piece, in parts and in place; encryption with everything", async () => {
    const encryption = { algorithm: "aws:kms", keyId: "key-1" } as const;
    await using opened = await openDouble({}, { encryption });
    const attributes = { acl: "public-read", storageClass: "STANDARD_IA", tags: { app: "shop & co", env: "" } };
    const wanted = {
      "x-amz-acl": "public-read",
      "x-amz-storage-class": "STANDARD_IA",
      "x-amz-tagging": "app=shop+%26+co&env=",
      "x-amz-server-side-encryption": "aws:kms",
      "x-amz-server-side-encryption-aws-kms-key-id": "key-1",
    };
    const { store, double } = opened;
    const { body, ...words } = putRequest("a", "1");
    await store.put({ ...words, body, attributes });
    await store.putLarge({ ...largeRequest("b", Buffer.from("x")), attributes });
    await store.copy({ ...words, attributes, condition: { kind: "version", version: store.versionOf(body) } });
    const [put, create, , , copy] = double.log;
    for (const request of [put, create, copy]) expect(request?.headers).toMatchObject(wanted);
  });
});
