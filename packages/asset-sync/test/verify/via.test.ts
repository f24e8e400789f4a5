import { once } from "node:events";
import { createServer as createTlsServer } from "node:https";
import { gzipSync } from "node:zlib";

import { describe, expect, it } from "vitest";

import { sync } from "../../src/sync/sync.ts";
import { servedUrl } from "../../src/verify/via.ts";
import { verify, type VerifyOptions, type VerifySummary } from "../../src/verify/verify.ts";
import { BUCKET, BUILD, syncFixture, type SyncFixture } from "../sync/fixture.ts";
import { startCdn, type Cdn, type CdnAnswer, type CdnFault } from "./cdn.ts";

const CSS = "assets/application-0a1b2c3d.css";
const JS = "assets/application-1f3c9a2b.js";
const FONT = "assets/sans-5d41402a.woff2";
const PACKED = `${CSS}.gz`;
const FILES = { ...BUILD, [FONT]: "a font", [PACKED]: gzipSync("body{}") };
const ORIGIN = "https://www.shop.example";

interface World extends AsyncDisposable {
  readonly world: SyncFixture;
  readonly cdn: Cdn;
  ask(options?: Partial<VerifyOptions>): Promise<VerifySummary>;
}

async function servedRelease(): Promise<World> {
  const world = await syncFixture({});
  await world.tree.write(FILES);
  await sync(world.options());
  const cdn = await startCdn(world.double, BUCKET, "pre/");
  const { receipt } = world.options();
  return {
    world,
    cdn,
    ask: (options = {}) => verify({ receipt, via: cdn.url, origin: ORIGIN, ...options }),
    [Symbol.asyncDispose]: async () => {
      await cdn[Symbol.asyncDispose]();
      await world[Symbol.asyncDispose]();
    },
  };
}

const forKey =
  (key: string, change: (answer: CdnAnswer) => CdnAnswer): CdnFault =>
  (answer, request) =>
    request.key === key ? change(answer) : answer;

const withHeader =
  (name: string, value: string | undefined) =>
  (answer: CdnAnswer): CdnAnswer => {
    const { [name]: _, ...headers } = answer.headers;
    return { ...answer, headers: { ...headers, ...(value === undefined ? {} : { [name]: value }) } };
  };

describe("verify --via", () => {
  it("asks as a browser does, takes packed bytes, and finds a sound CDN sound", async () => {
    await using served = await servedRelease();
    const summary = await served.ask();
    expect(summary).toMatchObject({ holds: true, faults: [], requests: { total: 1 } });
    expect(served.cdn.asked.map(({ key }) => key).toSorted()).toEqual(Object.keys(FILES).toSorted());
    for (const { headers } of served.cdn.asked) {
      expect(headers).toMatchObject({ "accept-encoding": "br, gzip", origin: ORIGIN });
    }
  });

  it.each<[string, CdnFault, object]>([
    [
      "a file that is not there",
      forKey(JS, (answer) => ({ ...answer, status: 404 })),
      { key: JS, what: "status", found: "404", expected: "200" },
    ],
    [
      "a redirect, which a page with integrity checks does not follow",
      forKey(JS, (answer) => ({ ...answer, status: 302, headers: { location: "https://elsewhere.example/a.js" } })),
      { key: JS, what: "status", found: "302 to https://elsewhere.example/a.js" },
    ],
    [
      "a script served as HTML",
      forKey(JS, withHeader("content-type", "text/html")),
      { key: JS, what: "content-type", found: "text/html", expected: "text/javascript; charset=utf-8" },
    ],
    ["a type without charset", forKey(CSS, withHeader("content-type", "text/css")), { key: CSS, what: "content-type" }],
    [
      "an encoding that nobody asked for",
      forKey(CSS, withHeader("content-encoding", "zstd")),
      { key: CSS, what: "content-encoding", found: "zstd" },
    ],
    [
      "bytes that are not packed as they say",
      forKey(JS, withHeader("content-encoding", "br")),
      { key: JS, what: "content-encoding", found: expect.stringMatching(/^br: /) },
    ],
    [
      "packed bytes with a byte missing",
      forKey(JS, (answer) => ({ ...answer, body: answer.body.subarray(0, -1) })),
      { key: JS, what: "content-encoding", found: expect.stringMatching(/^gzip: unexpected end/) },
    ],
    [
      "a precompressed file whose encoding is lost",
      forKey(PACKED, withHeader("content-encoding", undefined)),
      { key: PACKED, what: "content-encoding", found: "none", expected: "gzip" },
    ],
    [
      "other bytes",
      forKey(JS, (answer) => ({ ...answer, body: gzipSync("console.log(2)") })),
      { key: JS, what: "bytes" },
    ],
    [
      "a cache header that lets browsers keep nothing",
      forKey(JS, withHeader("cache-control", "no-store")),
      { key: JS, what: "cache-control", found: "no-store", expected: "public, max-age=31536000, immutable" },
    ],
    [
      "a font that a page may not use",
      forKey(FONT, withHeader("access-control-allow-origin", undefined)),
      { key: FONT, what: "access-control-allow-origin", found: "none", expected: `* or ${ORIGIN}` },
    ],
    [
      "a font that another page may use",
      forKey(FONT, withHeader("access-control-allow-origin", "https://other.example")),
      { key: FONT, what: "access-control-allow-origin", found: "https://other.example" },
    ],
    [
      "a connection that is cut",
      (answer, { key, response }) => {
        if (key !== JS) return answer;
        response.socket?.resetAndDestroy();
        return undefined;
      },
      { key: JS, what: "connection", found: expect.stringMatching(/^the connection was cut/) },
    ],
    [
      "a connection that is cut in the middle of a body",
      (answer, { key, response }) => {
        if (key !== JS) return answer;
        response.writeHead(200, { ...answer.headers, "content-length": answer.body.length });
        response.write(answer.body.subarray(0, 5), () => response.socket?.resetAndDestroy());
        return undefined;
      },
      { key: JS, what: "connection" },
    ],
    [
      "a body that does not end",
      (answer, { key, response }) => {
        if (key !== JS) return answer;
        response.writeHead(200, { ...answer.headers, "content-encoding": "identity" });
        const more = (): void => void response.write(Buffer.alloc(16 * 1024), (error) => error ?? setImmediate(more));
        more();
        return undefined;
      },
      { key: JS, what: "bytes", found: expect.stringMatching(/^more than \d+$/), expected: "14" },
    ],
    [
      "a server that falls silent",
      (answer, { key }) => (key === JS ? undefined : answer),
      { key: JS, what: "connection", found: expect.stringMatching(/^the server is silent/) },
    ],
  ])("names %s", async (_, fault, expected) => {
    await using served = await servedRelease();
    served.cdn.fault = fault;
    const summary = await served.ask({ silence: 5_000 });
    expect(summary.holds).toBe(false);
    expect(summary.faults).toEqual([expect.objectContaining(expected)]);
  });

  it.each<[string, CdnFault]>([
    ["directives in another order", forKey(JS, withHeader("cache-control", "immutable,max-age=31536000, PUBLIC"))],
    ["a type with its blank left out", forKey(JS, withHeader("content-type", 'text/javascript;charset="UTF-8"'))],
    [
      "an image that allows no origin",
      forKey("assets/logo-00ff00ff.svg", withHeader("access-control-allow-origin", undefined)),
    ],
    ["a page that is named", forKey(FONT, withHeader("access-control-allow-origin", ORIGIN))],
  ])("takes %s for what it is", async (_, fault) => {
    await using served = await servedRelease();
    served.cdn.fault = fault;
    expect((await served.ask()).faults).toEqual([]);
  });

  it("does not look at CORS when no page is named", async () => {
    await using served = await servedRelease();
    served.cdn.fault = withHeader("access-control-allow-origin", undefined);
    const { receipt } = served.world.options();
    expect(await verify({ receipt, via: served.cdn.url })).toMatchObject({ holds: true });
    expect(served.cdn.asked.some(({ headers }) => headers.origin !== undefined)).toBe(false);
  });

  it("takes a plain file of a newer release for what it is", async () => {
    await using served = await servedRelease();
    const { receipt } = served.world.options();
    await served.world.tree.write({ "assets/robots.txt": "newer" });
    await sync(served.world.options({ release: "v2", receipt: `${receipt}.v2` }));
    expect(await served.ask()).toMatchObject({ holds: true, superseded: ["assets/robots.txt"], faults: [] });
  });

  it("names a server without a certificate in one sentence", async () => {
    await using served = await servedRelease();
    const server = createTlsServer(() => undefined).listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    const port = typeof address === "object" ? address?.port : undefined;
    const asked = served.ask({ via: new URL(`https://127.0.0.1:${port}/`) });
    await expect(asked).rejects.toMatchObject({
      code: "ASSET_SYNC_CDN_UNREACHABLE",
      exitCode: 1,
      message: expect.stringMatching(/^https:\/\/127\.0\.0\.1:\d+\/ could not be asked: /),
    });
    server.close();
  });

  it("asks a host that is not there once, not once for each file", async () => {
    await using served = await servedRelease();
    await expect(served.ask({ via: new URL("http://127.0.0.1:1/cdn") })).rejects.toMatchObject({
      code: "ASSET_SYNC_CDN_UNREACHABLE",
      message: expect.stringContaining("nothing listens there"),
    });
  });

  it("ends at its limit, however long a server may be silent", async () => {
    await using served = await servedRelease();
    served.cdn.fault = (answer, { key }) => (key === JS ? undefined : answer);
    await expect(served.ask({ limit: 300 })).rejects.toMatchObject({
      code: "ASSET_SYNC_CDN_UNREACHABLE",
      exitCode: 1,
      message: expect.stringMatching(/[0-6] of 7 files were fetched in the 0\.3 s that are allowed/),
    });
  });

  it("stops when it is interrupted", async () => {
    await using served = await servedRelease();
    const stop = new AbortController();
    served.cdn.fault = () => {
      stop.abort();
      return undefined;
    };
    await expect(served.ask({ signal: stop.signal })).rejects.toMatchObject({ code: "ASSET_SYNC_INTERRUPTED" });
  });
});

describe("the URL of a key", () => {
  it.each([
    ["https://cdn.example", "assets/a b+c%&ü?#.css", "https://cdn.example/assets/a%20b%2Bc%25%26%C3%BC%3F%23.css"],
    ["https://cdn.example/shop/", "assets/a.js", "https://cdn.example/shop/assets/a.js"],
    ["https://cdn.example/shop", "assets/a.js", "https://cdn.example/shop/assets/a.js"],
  ])("below %s of %s is %s", (via, key, url) => {
    expect(servedUrl(new URL(via), key).href).toBe(url);
  });
});
