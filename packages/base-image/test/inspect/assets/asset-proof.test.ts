import { expect, it } from "vitest";

import { compareRuns } from "../../../src/inspect/assets/asset-proof.ts";
import { readRecords, type ProofRecords } from "../../../src/inspect/assets/proof-script.ts";

const digest = (digit: string): string => digit.repeat(64);

function records(outputs: Readonly<Record<string, string>>, ...opened: readonly string[]): ProofRecords {
  return { outputs: new Map(Object.entries(outputs)), opened };
}

it("reads what the builds have written, whatever else is printed", () => {
  const text = [
    "noise",
    "opened config/routes.rb",
    "opened a name with blanks",
    `output ${digest("a")} public/assets/a b.css`,
    `output ${digest("b")} public/assets/.sprockets-manifest-0f3c9a1b.json`,
    "output short public/x",
  ].join("\n");
  expect(readRecords(text)).toEqual({
    outputs: new Map([
      ["public/assets/a b.css", digest("a")],
      ["public/assets/.sprockets-manifest-*.json", digest("b")],
    ]),
    opened: ["config/routes.rb", "a name with blanks"],
  });
});

it("compares what was made, not what the application holds itself", () => {
  const proof = compareRuns({
    full: records(
      { "public/404.html": "1", "public/same": "2", "public/other": "3", "public/gone": "4" },
      "a.rb",
      "b/c.rb",
      "tmp/x",
    ),
    restricted: records({ "public/same": "2", "public/other": "5", "public/more": "6" }),
    sources: ["public/404.html", "a.rb", "b/c.rb"],
    inputs: ["b"],
  });
  expect(proof).toEqual({
    complete: false,
    compiles: true,
    compared: 4,
    differences: [
      { path: "public/gone", difference: "absent" },
      { path: "public/more", difference: "extra" },
      { path: "public/other", difference: "different" },
    ],
    unlisted: ["a.rb"],
  });
});

it("is not complete when the restricted build made nothing", () => {
  const proof = compareRuns({ full: records({}), restricted: undefined, sources: [], inputs: [] });
  expect(proof).toMatchObject({ complete: false, compiles: false, differences: [] });
});
