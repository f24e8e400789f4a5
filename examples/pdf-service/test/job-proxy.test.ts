import { request } from "node:http";

import { describe, expect, it } from "vitest";

import { DOCUMENT_HOST, REFUSED_HEADER, startJobProxy, type JobProxy } from "../src/egress/job-proxy.ts";
import { startSite } from "./sites.ts";

const NETWORK = {
  rules: { allowedHosts: [], publicHosts: true },
  files: new Map([["様式.css", Buffer.from("h1 {}")]]),
  fetchBytes: 1e6,
};

describe("the proxy of a job", () => {
  it("serves the job's files, and no others", async () => {
    await using proxy = await startJobProxy(NETWORK);
    const css = await ask(proxy, "GET", `http://${DOCUMENT_HOST}/%E6%A7%98%E5%BC%8F.css`);
    expect(css).toMatchObject({ status: 200, headers: { "content-type": "text/css", "content-length": "5" } });
    for (const path of ["other.css", "%", "..%2Fetc%2Fpasswd", ""]) {
      expect((await ask(proxy, "GET", `http://${DOCUMENT_HOST}/${path}`)).status).toBe(404);
    }
    expect((await ask(proxy, "POST", `http://${DOCUMENT_HOST}/%E6%A7%98%E5%BC%8F.css`)).status).toBe(405);
  });

  it("refuses loopback by request and by tunnel, says why, and does not connect", async () => {
    await using site = await startSite((_request, response) => response.end());
    await using proxy = await startJobProxy(NETWORK);
    const refused = await ask(proxy, "GET", `http://127.0.0.1:${site.port}/`);
    expect([refused.status, refused.headers[REFUSED_HEADER]]).toEqual([403, "1"]);
    expect((await ask(proxy, "CONNECT", `localhost:${site.port}`)).status).toBe(403);
    expect((await ask(proxy, "CONNECT", "nonsense:port")).status).toBe(403);
    expect((await ask(proxy, "GET", "/relative")).status).toBe(403);
    expect(proxy.refusals).toHaveLength(4);
    expect(proxy.refusals[0]).toBe(`127.0.0.1:${site.port} is never connected to`);
    expect(site.touched).toEqual([]);
  });
});

/** Sends one request to a proxy as a browser would. */
function ask(
  { url }: JobProxy,
  method: string,
  path: string,
): Promise<{ readonly status: number; readonly headers: Readonly<Record<string, string | string[] | undefined>> }> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const sent = request({ host: hostname, port, method, path, agent: false });
    sent.on("connect", ({ statusCode = 0, headers }, socket) => {
      socket.destroy();
      resolve({ status: statusCode, headers });
    });
    sent.on("response", (response) => {
      response.resume();
      resolve({ status: response.statusCode ?? 0, headers: response.headers });
    });
    sent.on("error", reject);
    sent.end();
  });
}
