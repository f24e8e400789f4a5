import { createHash, createHmac } from "node:crypto";

import { describe, expect, it } from "vitest";

import { startCountingProxy, startS3Double, type S3Double } from "../../src/index.ts";

/** Signs by hand, so that the double's own reading of the rules is checked by a second one. */
async function send(
  double: Pick<S3Double, "endpoint" | "credentials">,
  method: string,
  path: string,
  extra: {
    body?: string;
    headers?: Record<string, string>;
    secret?: string;
    signed?: string;
    date?: Date;
    dateText?: string;
    hostUnsigned?: boolean;
  } = {},
): Promise<Response> {
  const body = extra.body ?? "";
  const digest = hash(extra.signed ?? body);
  const now = (extra.date ?? new Date()).toISOString().replaceAll(/[-:]|\.\d+/g, "");
  const date = extra.dateText ?? now;
  const day = now.slice(0, 8);
  const { host } = new URL(double.endpoint);
  const signedHeaders = `${extra.hostUnsigned === true ? "" : "host;"}x-amz-content-sha256;x-amz-date`;
  const hostLine = extra.hostUnsigned === true ? "" : `host:${host}\n`;
  const toSign = `${method}\n${path}\n\n${hostLine}x-amz-content-sha256:${digest}\nx-amz-date:${date}\n\n${signedHeaders}\n${digest}`;
  const scope = `${day}/us-east-1/s3/aws4_request`;
  let key: Buffer | string = `AWS4${extra.secret ?? double.credentials.secretAccessKey}`;
  for (const part of scope.split("/")) key = createHmac("sha256", key).update(part).digest();
  const text = `AWS4-HMAC-SHA256\n${date}\n${scope}\n${hash(toSign)}`;
  const signature = createHmac("sha256", key).update(text).digest("hex");
  const authorization = `AWS4-HMAC-SHA256 Credential=${double.credentials.accessKeyId}/${scope}, SignedHeaders=${signedHeaders}, Signature=${signature}`;
  const headers = { ...extra.headers, "x-amz-content-sha256": digest, "x-amz-date": date, authorization };
  return fetch(double.endpoint + path, { method, headers, ...(body === "" ? {} : { body }) });
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

describe("the S3 double", () => {
  it("keeps an object with its headers and gives it back", async () => {
    await using double = await startS3Double({ buckets: ["shop"] });
    const headers = { "content-type": "text/css", "cache-control": "no-cache", "content-encoding": "gzip" };
    const stored = await send(double, "PUT", "/shop/a/b%20c.css", { body: "body{}", headers });
    expect(stored.status).toBe(200);
    const head = await send(double, "HEAD", "/shop/a/b%20c.css");
    expect(head.headers.get("etag")).toBe(stored.headers.get("etag"));
    expect(Object.fromEntries(head.headers)).toMatchObject({ ...headers, "content-length": "6" });
    expect([...double.objects("shop").keys()]).toEqual(["a/b c.css"]);
    expect(double.log.map(({ method, status }) => [method, status])).toEqual([
      ["PUT", 200],
      ["HEAD", 200],
    ]);
  });

  it("refuses a wrong secret, an unsigned request, another body than the signed one, and a wrong clock", async () => {
    await using double = await startS3Double({ buckets: ["shop"] });
    const answers = await Promise.all([
      send(double, "PUT", "/shop/a", { body: "x", secret: "wrong" }),
      fetch(`${double.endpoint}/shop/a`, { method: "PUT", body: "x" }),
      send(double, "PUT", "/shop/a", { body: "x", signed: "y" }),
      send(double, "PUT", "/shop/a", { body: "x", date: new Date(Date.now() - 3_600_000) }),
    ]);
    const codes = await Promise.all(answers.map(async (answer) => /<Code>(\w+)</.exec(await answer.text())?.[1]));
    expect(codes).toEqual([
      "SignatureDoesNotMatch",
      "AccessDenied",
      "XAmzContentSHA256Mismatch",
      "RequestTimeTooSkewed",
    ]);
    expect(double.objects("shop").size).toBe(0);
  });

  it("refuses a date that is none, and a host or an x-amz header that is not signed", async () => {
    await using double = await startS3Double({ buckets: ["shop"] });
    const answers = await Promise.all([
      send(double, "PUT", "/shop/a", { body: "x", dateText: "20260230T250000Z" }),
      send(double, "PUT", "/shop/a", { body: "x", dateText: "yesterday" }),
      send(double, "PUT", "/shop/a", { body: "x", hostUnsigned: true }),
      send(double, "PUT", "/shop/a", { body: "x", headers: { "x-amz-acl": "public-read" } }),
    ]);
    const messages = await Promise.all(
      answers.map(async (answer) => /<Message>([^<]+)</.exec(await answer.text())?.[1]),
    );
    expect(messages).toEqual([
      "x-amz-date is no date.",
      "x-amz-date is no date.",
      "These headers are not signed: host.",
      "These headers are not signed: x-amz-acl.",
    ]);
    expect(double.objects("shop").size).toBe(0);
  });

  it("answers 400 to a path that encodes no text, and goes on", async () => {
    await using double = await startS3Double({ buckets: ["shop"] });
    await using proxy = await startCountingProxy(double.endpoint);
    for (const { endpoint } of [double, proxy]) {
      expect((await fetch(`${endpoint}/shop/%ZZ`)).status).toBe(400);
      expect((await send({ endpoint, credentials: double.credentials }, "PUT", "/shop/a", { body: "x" })).status).toBe(
        200,
      );
    }
  });

  it("keeps conditions: create only when absent, replace only the version that is meant", async () => {
    await using double = await startS3Double({ buckets: ["shop"] });
    const put = (body: string, headers: Record<string, string>): Promise<Response> =>
      send(double, "PUT", "/shop/k", { body, headers });
    const created = await put("1", { "if-none-match": "*" });
    const etag = created.headers.get("etag") ?? "";
    const statuses = [
      (await put("2", { "if-none-match": "*" })).status,
      (await put("2", { "if-match": '"other"' })).status,
      (await put("2", { "if-match": etag })).status,
      (await put("3", { "if-match": etag })).status,
    ];
    expect(statuses).toEqual([412, 412, 200, 412]);
    expect(double.objects("shop").get("k")?.body.toString()).toBe("2");
  });

  it("fails as its script says, so often and no more", async () => {
    await using double = await startS3Double({ buckets: ["shop"] });
    double.fail({ fault: { kind: "answer", status: 503, code: "SlowDown" }, matches: (_, index) => index === 0 });
    double.fail({ fault: { kind: "cut", when: "before" }, matches: ({ key }) => key === "b", times: 1 });
    double.fail({ fault: { kind: "cut", when: "after" }, matches: ({ key }) => key === "c", times: 1 });
    expect((await send(double, "PUT", "/shop/a", { body: "x" })).status).toBe(503);
    await expect(send(double, "PUT", "/shop/b", { body: "x" })).rejects.toThrow("fetch failed");
    await expect(send(double, "PUT", "/shop/c", { body: "x" })).rejects.toThrow("fetch failed");
    expect([...double.objects("shop").keys()]).toEqual(["c"]);
    expect((await send(double, "PUT", "/shop/b", { body: "x" })).status).toBe(200);
  });

  it("keeps the connection and says no more", async () => {
    await using double = await startS3Double({ buckets: ["shop"] });
    await send(double, "PUT", "/shop/a", { body: "x".repeat(1_000) });
    double.fail({ fault: { kind: "stall", when: "during" }, matches: () => true, times: 1 });
    const answer = await send(double, "GET", "/shop/a");
    const reader = answer.body?.getReader();
    expect((await reader?.read())?.value?.length).toBe(500);
    const more = await Promise.race([reader?.read(), send(double, "GET", "/shop/a").then(() => "nothing meanwhile")]);
    expect(more).toBe("nothing meanwhile");
    await reader?.cancel();
  });

  it("cuts an answer in the middle", async () => {
    await using double = await startS3Double({ buckets: ["shop"] });
    await send(double, "PUT", "/shop/a", { body: "x".repeat(1000) });
    double.fail({ fault: { kind: "cut", when: "during" }, matches: ({ method }) => method === "GET" });
    await expect(send(double, "GET", "/shop/a").then((answer) => answer.text())).rejects.toThrow("terminated");
  });
});

describe("the counting proxy", () => {
  it("counts what passes and keeps signatures valid", async () => {
    await using double = await startS3Double({ buckets: ["shop"] });
    await using proxy = await startCountingProxy(double.endpoint);
    const through = { endpoint: proxy.endpoint, credentials: double.credentials };
    expect((await send(through, "PUT", "/shop/a", { body: "x" })).status).toBe(200);
    expect(await (await send(through, "GET", "/shop/a")).text()).toBe("x");
    expect(proxy.log.map(({ method, key, status }) => [method, key, status])).toEqual([
      ["PUT", "a", 200],
      ["GET", "a", 200],
    ]);
  });
});
