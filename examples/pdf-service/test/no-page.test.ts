import { describe, expect, it } from "vitest";

import { noPageIn } from "../src/browser/no-page.ts";

describe("an answer that became no page", () => {
  it.each([
    [204, {}, "204"],
    [205, { "content-type": "text/html" }, "205"],
    [200, { "content-type": "text/html", "content-disposition": 'Attachment; filename="a.html"' }, "a file to save"],
    [200, { "content-type": "application/pdf" }, "application/pdf"],
    [200, { "content-type": "Application/Octet-Stream; a=b" }, "application/octet-stream"],
  ])("had nothing to show: %i %j", (status, headers, reason) => {
    expect(noPageIn({ status, headers })).toContain(reason);
  });

  it.each([
    [200, { "content-type": "text/html; charset=utf-8" }],
    [200, { "content-type": "application/xhtml+xml" }],
    [200, { "content-type": "image/png", "content-disposition": "inline" }],
    [500, {}],
  ])("had a page, which went elsewhere: %i %j", (status, headers) => {
    expect(noPageIn({ status, headers })).toBeUndefined();
  });
});
