import { describe, expect, it } from "vitest";

import { publishTarget, type PublishTarget } from "../../src/publish/target.ts";
import { from } from "../../src/stage/base.ts";
import { defineImage } from "../../src/stage/image.ts";
import { stage } from "../../src/stage/stage.ts";

describe("the name of a variant to publish", () => {
  it.each(["cache-app", "input-app"])("is not %s, which a tag of another kind could have", async (name) => {
    await expect(targetNamed(name)).rejects.toMatchObject({
      code: "BASE_IMAGE_INVALID_VALUE",
      message: expect.stringContaining(`is named "${name}"; expected a name that does not begin with`),
    });
  });

  it.each(["cache", "inputs-app"])("may be %s", async (name) => {
    expect(await targetNamed(name)).toMatchObject({ name });
  });
});

async function targetNamed(name: string): Promise<PublishTarget> {
  const app = stage("app", from("scratch")).write("/content", "one");
  const definition = defineImage({ name: "small", stages: [app], variants: { [name]: app } });
  const build = { buildArgs: {}, secrets: [], network: undefined, noCache: false };
  const loaded = { definition, folder: import.meta.dirname, file: import.meta.filename };
  return publishTarget(loaded, name, { epoch: 0 }, { platforms: ["linux/amd64"], compression: "gzip", build });
}
