import { describe, expect, it } from "vitest";

import { tempTree } from "@slipway/testkit";

import { redactSecrets } from "../../src/engine/redact.ts";

describe("redactSecrets", () => {
  it("takes a file's content, lines and values out, in base64 and URL-encoded too", async () => {
    await using tree = await tempTree({ secret: "key = hunter2/top+secret\n" });
    const redact = await redactSecrets([{ id: "s", src: `${tree.path}/secret` }]);
    const value = "hunter2/top+secret";
    const shapes = [value, `key = ${value}`, btoa(value), btoa(`key = ${value}\n`), encodeURIComponent(value)];
    for (const shape of shapes) expect(redact(`before ${shape} after`)).toBe("before *** after");
  });

  it("leaves short values, which are ordinary words", async () => {
    await using tree = await tempTree({ secret: "true\n" });
    const redact = await redactSecrets([{ id: "s", src: `${tree.path}/secret` }]);
    expect(redact("true")).toBe("true");
  });
});
