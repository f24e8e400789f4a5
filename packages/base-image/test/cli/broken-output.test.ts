import { fileURLToPath } from "node:url";

import { tempTree } from "@slipway/testkit";
import { execa } from "execa";
import { expect, it } from "vitest";

const MAIN = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));
const INDEX = new URL("../../src/index.ts", import.meta.url).pathname;

const DEFINITION = `import { defineImage, from, stage } from ${JSON.stringify(INDEX)};
const app = stage("app", from("scratch"));
export default defineImage({ name: "shop", stages: [app] });
`;

/** Renders, with the outputs where a shell puts them; gives what the program's exit code is and what it says. */
async function render(redirection: string): Promise<{ readonly code: string; readonly stderr: string }> {
  await using tree = await tempTree({ "package.json": '{"type":"module"}', "image.config.ts": DEFINITION });
  const script = `{ "$0" --conditions=source "$1" --config "$2" render; echo $? > "$3"; } ${redirection}; cat "$3" >&3`;
  const args = [process.execPath, MAIN, `${tree.path}/image.config.ts`, `${tree.path}/code`];
  const { stdio } = await execa("sh", ["-c", script, ...args], { stdio: ["ignore", "pipe", "pipe", "pipe"] });
  return { code: stdio[3], stderr: stdio[2] };
}

it.each(["| true", "2>&1 | true"])("ends without a word when nobody reads its output: %s", async (redirection) => {
  expect(await render(redirection)).toEqual({ code: "141", stderr: "" });
});

it("says that its output has no room", async () => {
  expect(await render("> /dev/full")).toEqual({
    code: "1",
    stderr: expect.stringMatching(
      /^base-image: the standard output cannot be written: ENOSPC.*\n {2}.*\n {2}\[BASE_IMAGE_OUTPUT_FAILED\]$/,
    ),
  });
});
