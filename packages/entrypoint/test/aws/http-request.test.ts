import { expect, it } from "vitest";

import { sendRequest } from "../../src/aws/http-request.ts";
import { startHttpServer } from "../http-server.ts";

const NEVER = new AbortController().signal;

function get(origin: string) {
  return { method: "GET", url: new URL(origin), headers: {}, body: "" };
}

it("gives an answer that does not end up at 16 MiB", async () => {
  const chunk = Buffer.alloc(1024 * 1024, "a");
  await using server = await startHttpServer((_, response) => {
    const more = (): void => {
      while (response.write(chunk));
      response.once("drain", more);
    };
    more();
  });
  await expect(sendRequest(get(server.origin), NEVER)).rejects.toThrow("the answer is longer than 16777216 bytes");
});

it("rejects an answer that is cut off", async () => {
  await using server = await startHttpServer((_, response) => {
    response.writeHead(200, { "content-length": "10" }).write("half", () => response.destroy());
  });
  await expect(sendRequest(get(server.origin), NEVER)).rejects.toThrow("aborted");
});

it("ends with the signal's reason in the midst of an answer", async () => {
  const stop = new AbortController();
  await using server = await startHttpServer((_, response) => {
    response.write("half", () => stop.abort(new Error("stopped")));
  });
  await expect(sendRequest(get(server.origin), stop.signal)).rejects.toThrow("stopped");
});

it("gives a silent server up after 5 s", async () => {
  await using server = await startHttpServer(() => undefined);
  await expect(sendRequest(get(server.origin), NEVER)).rejects.toThrow("no answer in 5 s");
});
