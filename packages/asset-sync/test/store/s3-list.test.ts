import { describe, expect, it } from "vitest";

import { parseTarget } from "../../src/config/target.ts";
import { listPages } from "../../src/store/s3-list.ts";

/** The keys that are read from an answer to a listing. */
async function keysIn(content: string): Promise<readonly string[]> {
  const target = parseTarget("s3://shop-assets/pre");
  if (target.kind !== "s3") throw new Error("not an S3 target");
  const body = `<ListBucketResult>${content}</ListBucketResult>`;
  const keys: string[] = [];
  for await (const page of listPages(target, { prefix: "" }, async () => ({ body }))) {
    keys.push(...page.map(({ key }) => key));
  }
  return keys;
}

describe("the keys of a listing", () => {
  it("are decoded where the answer says that they are encoded", async () => {
    const row = "<Contents><Key>pre/a+b%2Bc%25.js</Key><Size>1</Size></Contents>";
    expect(await keysIn(`<EncodingType>url</EncodingType>${row}`)).toEqual(["a b+c%.js"]);
  });

  it("are taken as they stand where it does not", async () => {
    expect(await keysIn("<Contents><Key>pre/100%+a&amp;b.js</Key><Size>1</Size></Contents>")).toEqual(["100%+a&b.js"]);
  });
});
