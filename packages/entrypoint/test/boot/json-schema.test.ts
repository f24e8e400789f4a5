import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { expect, it } from "vitest";

import { jsonSchema } from "../../src/boot/json-schema.ts";

it("is the file that editors are given; `pnpm generate` writes it", async () => {
  const file = await readFile(join(import.meta.dirname, "../../entrypoint.schema.json"), "utf8");
  expect(JSON.parse(file)).toEqual(jsonSchema());
});
