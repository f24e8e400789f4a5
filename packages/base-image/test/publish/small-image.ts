import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { tempTree, type TempTree } from "@slipway/testkit";

const INDEX = fileURLToPath(new URL("../../src/index.ts", import.meta.url));

/** A definition file in a folder of its own. */
export interface SmallDefinition extends AsyncDisposable {
  readonly config: string;
  readonly folder: TempTree;
}

/** An image of one file, whose assertions are its labels. */
export const SMALL = 'stage("app", from("scratch")).write("/content", "one").label({ small: "yes" })';

/** Writes a definition of this stage; `keys` are further keys of it. */
export async function smallDefinition(stage: string = SMALL, keys = ""): Promise<SmallDefinition> {
  const folder = await tempTree({
    "package.json": '{"type":"module"}',
    "image.config.ts": `import { defineImage, from, secret, stage } from ${JSON.stringify(INDEX)};
const app = ${stage};
export default defineImage({ name: "small", stages: [app], ${keys} });\n`,
  });
  return {
    config: join(folder.path, "image.config.ts"),
    folder,
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

/** A repository nobody else uses. */
export function randomRepository(): string {
  return `slipway-test/${randomBytes(6).toString("hex")}`;
}

/** The lines of JSON that a run printed. */
export function jsonLines(stdout: string): readonly Readonly<Record<string, unknown>>[] {
  return stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
