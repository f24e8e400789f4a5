import { readdirSync } from "node:fs";
import { join } from "node:path";

import { RULES } from "@slipway/base-image";
import { expect, it } from "vitest";

it("has a page for each lint rule, and for no other", () => {
  const pages = readdirSync(join(import.meta.dirname, "..", "docs", "lint"));
  const expected = ["README.md", ...RULES.map(({ code }) => `${code}.md`)];
  expect(pages.toSorted()).toEqual(expected.toSorted());
});
