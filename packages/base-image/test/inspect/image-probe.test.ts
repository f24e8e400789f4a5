import { startLoopbackServer } from "@slipway/testkit";
import Dockerode from "dockerode";
import { expect, it } from "vitest";

import { probeImage } from "../../src/inspect/image-probe.ts";
import { rejection } from "../rejection.ts";

it.each([
  [404, "BASE_IMAGE_IMAGE_NOT_FOUND", "the engine has no image x:1"],
  [500, "BASE_IMAGE_ENGINE_FAILED", "the engine does not give x:1: "],
])("an image that the engine answers with %i is %s", async (status, code, message) => {
  await using server = await startLoopbackServer((_request, response) => {
    response.writeHead(status, { "content-type": "application/json" }).end('{"message":"no space left"}');
  });
  const { hostname: host, port } = new URL(server.endpoint);
  const error = await rejection(() => probeImage(new Dockerode({ host, port, protocol: "http" }), "x:1"));
  expect(error).toMatchObject({ code, message: expect.stringContaining(message) });
});
