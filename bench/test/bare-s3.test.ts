import { once } from "node:events";
import { Agent, createServer } from "node:http";
import type { AddressInfo } from "node:net";

import { expect, it } from "vitest";

import { put } from "../src/assets/bare-s3.ts";

it("fails where a connection breaks in the middle of an answer", async () => {
  const server = createServer((incoming, response) => {
    incoming.resume().once("end", () => {
      response.writeHead(200, { "content-length": 10 });
      response.write("half", () => response.destroy());
    });
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  const asked = { endpoint: `http://127.0.0.1:${port}`, accessKeyId: "id", secretAccessKey: "key" };
  await expect(put(new Agent(), asked, "/bucket/key", { body: Buffer.from("x") })).rejects.toThrow("aborted");
  server.close();
});
