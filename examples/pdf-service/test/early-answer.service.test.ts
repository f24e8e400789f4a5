import { once } from "node:events";
import { connect } from "node:net";

import { lookUpServices, until } from "@slipway/testkit";
import { beforeAll, describe, expect, it } from "vitest";

import { buildImages } from "./images.ts";
import { startService } from "./running-service.ts";

const services = lookUpServices("docker");

describe.skipIf(!services.available)("a request that is refused before it has come whole", () => {
  beforeAll(buildImages);

  it("is answered to its end, and the rest of it is taken", async () => {
    await using service = await startService();
    const { hostname, port } = new URL(service.url);
    const client = connect({ port: Number(port), host: hostname, allowHalfOpen: true });
    let answer = "";
    let hungUp = false;
    client.on("data", (chunk: Buffer) => (answer += String(chunk)));
    client.on("end", () => (hungUp = true));
    const closed = once(client, "close");
    client.write("POST /nothing HTTP/1.1\r\nHost: a\r\nContent-Length: 200\r\n\r\n" + "x".repeat(100));
    await until("the answer has come", async () => answer.includes("PDF_ROUTE_UNKNOWN"));
    // answered after the service has done all that it does with the other request
    await service.get("/health");
    expect(hungUp).toBe(false);
    client.end("x".repeat(100));
    expect(await closed).toEqual([false]);
    expect(answer).toMatch(/^HTTP\/1\.1 404 .*PDF_ROUTE_UNKNOWN/s);
  });

  it("is waited for no longer than a body, when its head never ends", async () => {
    await using service = await startService({ PDF_TIMEOUT_SECONDS: "1" });
    const { hostname, port } = new URL(service.url);
    const client = connect(Number(port), hostname);
    let answer = "";
    client.on("data", (chunk: Buffer) => (answer += String(chunk)));
    client.write("POST /forms/chromium/convert/html HTTP/1.1\r\nHost: a\r\n");
    await once(client, "close");
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
  });
});
