import { lookUpServices } from "@slipway/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { buildProgram, type BuiltProgram } from "../bundle.ts";
import { BACK_ENDS } from "./back-ends.ts";
import { deploy } from "./deployment.ts";

let built: BuiltProgram;
beforeAll(async () => {
  built = await buildProgram();
});
afterAll(async () => built[Symbol.asyncDispose]());

const s3 = BACK_ENDS.find(({ name }) => name === "S3");

describe.skipIf(!lookUpServices("s3").available)("an election's object in S3", () => {
  it.each(["a b", "a+b", "ü/日本", "(1)!*'~", "a%2Fb", "a=b&c;d,e:f@g$", "a//b"])(
    "may have the prefix %j: the signature is right for it",
    async (prefix) => {
      if (s3 === undefined) throw new Error("there is no S3 among the back ends");
      await using backEnd = await s3.make();
      const own = prefix.split("/").map(encodeURIComponent).join("/");
      const url = backEnd.url.replace("/elections?", `/${own}?`);
      await using release = await deploy(built.file, backEnd, { does: backEnd.note });
      for (let count = 0; count < 2; count += 1) {
        expect((await release.start({ ELECTION_URL: url }).ended).code).toBe(0);
      }
      expect(await backEnd.count()).toBe(1);
    },
  );
});
