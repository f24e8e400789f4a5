import { describe, expect, it } from "vitest";

import { faultsIn, PROGRAMS, unknownIn } from "./checked.ts";
import { shownCalls } from "./commands.ts";
import { PAGES } from "./pages.ts";

const pageOf = (text: string) => ({ path: "page.md", text });

describe("commands that pages show", () => {
  it.each(PAGES)("have verbs and flags that exist, in $path", (page) => {
    expect(shownCalls(page, PROGRAMS).flatMap(unknownIn)).toEqual([]);
  });

  it("are found in consoles and scripts, also behind other programs", () => {
    const page = pageOf(
      "```console\n$ npx asset-sync sync \\\n    public --to x -- --no\nsync --out\n```\n\n- ```bash\n  no\n  ```\n\n```sh\ndocker run x | entrypoint health --url=y # --no\n```\n",
    );
    expect(shownCalls(page, PROGRAMS)).toEqual([
      { program: "asset-sync", verb: "sync", flags: ["--to"] },
      { program: "entrypoint", verb: "health", flags: ["--url"] },
    ]);
  });

  it("are found wanting", () => {
    const calls = shownCalls(pageOf("```sh\nasset-sync snyc\nbase-image build --tagg x\n```\n"), PROGRAMS);
    expect(calls.flatMap(unknownIn)).toEqual(["asset-sync has no verb snyc", "base-image build has no --tagg"]);
  });

  it.each([
    ["npx -y pnpm@12 bench boot --rounds 3", []],
    ["npx -y pnpm@12 bnech boot", ["the workspace has no script bnech"]],
    ["npx -y pnpm@12 bench boot --rounds few", ['--rounds is "few": expected a whole number above 0']],
    ["base-image --config examples/none.ts render", ["there is no examples/none.ts"]],
    ["curl http://127.0.0.1:3000", ["not understood: curl http://127.0.0.1:3000"]],
  ])("of %s are %j wrong", (line, faults) => {
    expect(faultsIn(line)).toEqual(faults);
  });
});
