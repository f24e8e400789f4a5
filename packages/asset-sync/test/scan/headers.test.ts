import { describe, expect, it } from "vitest";

import { contentType } from "../../src/scan/content-type.ts";
import { headersText, objectHeaders } from "../../src/scan/headers.ts";

describe("content types", () => {
  it.each([
    ["app.js", "text/javascript; charset=utf-8"],
    ["app.mjs", "text/javascript; charset=utf-8"],
    ["app.css", "text/css; charset=utf-8"],
    ["app.js.map", "application/json; charset=utf-8"],
    ["page.html", "text/html; charset=utf-8"],
    ["robots.txt", "text/plain; charset=utf-8"],
    ["icon.svg", "image/svg+xml; charset=utf-8"],
    ["feed.xml", "application/xml; charset=utf-8"],
    ["favicon.ico", "image/x-icon"],
    ["a.PNG", "image/png"],
    ["font.woff2", "font/woff2"],
    ["module.wasm", "application/wasm"],
    ["archive.tar.gz", "application/gzip"],
    ["LICENSE", "application/octet-stream"],
    ["odd.unknownending", "application/octet-stream"],
  ])("%s is %s", (name, type) => {
    expect(contentType(name)).toBe(type);
  });
});

describe("headers", () => {
  it("keeps fingerprinted files for ever, asks again for the others", () => {
    expect(objectHeaders("assets/a-1f3c9a2b.js", "fingerprinted", false)["cache-control"]).toBe(
      "public, max-age=31536000, immutable",
    );
    expect(objectHeaders("assets/robots.txt", "plain", false)["cache-control"]).toBe(
      "public, max-age=0, must-revalidate",
    );
    expect(objectHeaders("assets/.manifest.json", "manifest", false)["cache-control"]).toBe("no-cache");
  });

  it("gives a precompressed sibling the inner type and its encoding, and leaves an archive an archive", () => {
    expect(objectHeaders("assets/a-1f3c9a2b.css.br", "fingerprinted", true)).toMatchObject({
      "content-type": "text/css; charset=utf-8",
      "content-encoding": "br",
    });
    expect(objectHeaders("assets/dump.sql.gz", "plain", false)).toEqual({
      "content-type": "application/gzip",
      "cache-control": "public, max-age=0, must-revalidate",
    });
  });

  it("compares sets of headers whatever their order", () => {
    const headers = { "content-type": "a", "cache-control": "b" };
    expect(headersText({ "cache-control": "b", "content-type": "a" })).toBe(headersText(headers));
    for (const other of [{ "content-type": "b" }, { "cache-control": "a" }, { "content-encoding": "br" }]) {
      expect(headersText({ ...headers, ...other })).not.toBe(headersText(headers));
    }
  });
});
