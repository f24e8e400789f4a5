import { once } from "node:events";
import { request, type IncomingMessage } from "node:http";
import { connect } from "node:net";

import { lookUpServices, until } from "@slipway/testkit";
import { execa } from "execa";
import { beforeAll, describe, expect, it } from "vitest";

import { buildImages } from "./images.ts";
import { startService, type RunningService } from "./running-service.ts";

const services = lookUpServices("docker");

/** Prints as more than the system keeps for a client that does not read. */
const NOISE = `<canvas width=3000 height=3000></canvas><script>
  const context = document.querySelector("canvas").getContext("2d"); const image = context.createImageData(3000, 3000);
  for (let at = 0; at < image.data.length; at++) image.data[at] = Math.random() * 256;
  context.putImageData(image, 0, 0);</script>`;

describe.skipIf(!services.available)("a service that is stopped", () => {
  beforeAll(buildImages);

  it("sends the PDF that a client is still reading to its last byte", async () => {
    await using service = await startService();
    const answer = await printedUnread(service);
    await terminate(service);
    let bytes = 0;
    answer.on("data", (chunk: Buffer) => (bytes += chunk.length));
    await once(answer, "close");
    expect(bytes).toBe(Number(answer.headers["content-length"]));
    expect(await exitCode(service)).toBe("0");
  });

  it("ends in its time although clients do not read, or never finish what they ask", async () => {
    await using service = await startService({ PDF_STOP_SECONDS: "1" });
    const { hostname, port } = new URL(service.url);
    const asking = connect(Number(port), hostname);
    asking.write("GET /health HTTP/1.1\r\nHost: a\r\n");
    const answer = await printedUnread(service);
    answer.on("error", () => undefined);
    await terminate(service);
    expect(await exitCode(service)).toBe("0");
    asking.destroy();
    answer.destroy();
    expect(await service.logs()).toContain('"event":"stopped"');
  });
});

/** The beginning of an answer whose body waits to be read. */
async function printedUnread(service: RunningService): Promise<IncomingMessage> {
  const form = new Response(formOf(NOISE));
  const sent = request(`${service.url}/forms/chromium/convert/html`, {
    method: "POST",
    headers: { "content-type": form.headers.get("content-type") ?? "" },
  });
  sent.end(Buffer.from(await form.arrayBuffer()));
  const [answer] = (await once(sent, "response")) as [IncomingMessage];
  expect(answer.statusCode).toBe(200);
  return answer;
}

function formOf(page: string): FormData {
  const form = new FormData();
  form.append("files", new Blob([page]), "index.html");
  form.append("paperWidth", "40");
  form.append("paperHeight", "40");
  return form;
}

/** Sends TERM, and waits until the stop has begun. */
async function terminate(service: RunningService): Promise<void> {
  await execa("docker", ["kill", "--signal", "TERM", service.name]);
  await until("the stop has begun", async () => (await service.logs()).includes('"event":"stopping"'));
}

async function exitCode(service: RunningService): Promise<string> {
  return (await execa("docker", ["wait", service.name])).stdout;
}
