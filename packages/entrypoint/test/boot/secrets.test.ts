import { array, assert, boolean, constantFrom, property } from "fast-check";
import { expect, it } from "vitest";

import { readDefinition } from "../../src/boot/definition.ts";
import { planStart } from "../../src/boot/plan.ts";
import { printPlan } from "../../src/boot/print-plan.ts";
import { EntrypointError } from "../../src/errors.ts";

const HAND_OVER = { command: ["true"], via: [], withoutInit: false } as unknown as Parameters<typeof planStart>[2];

/** Everything that is printed of a definition: its plan, or why it is refused. */
function printed(url: string, asVariable: boolean): string {
  const env = { DATABASE_URL: url, HOST: "127.0.0.1" };
  const text = asVariable ? "${DATABASE_URL}" : url.replace("127.0.0.1", "${HOST}");
  const tasks = [
    { task: "wait-for", url: text },
    { task: "migrate", run: ["true"], election: text },
  ];
  try {
    return JSON.stringify(
      printPlan(
        planStart(
          readDefinition({ tasks }, env),
          { release: undefined, mode: undefined, tasksFrom: "definition" },
          HAND_OVER,
        ),
      ),
    );
  } catch (error) {
    if (!(error instanceof EntrypointError) || error.exitCode !== 2) throw error;
    return `${error.message} ${error.hint}`;
  }
}

const PIECES = [
  "hidden",
  "HIDDEN",
  "1",
  "123",
  "/",
  "?",
  "#",
  "@",
  ":",
  "%",
  "%4",
  "%ff",
  "%40",
  "&",
  "=",
  "+",
  "[",
  "]",
];
const ODD = [
  " ",
  "\t",
  "\\",
  "|",
  "^",
  '"',
  "'",
  ";",
  ",",
  "<",
  ">",
  "{",
  "}",
  "$",
  "~",
  "é",
  "💧",
  "//",
  "@/",
  ":@",
  "?host=",
];

/** With these a password in a definition is the name of a variable, and said when that is not set. */
const REFERENCE = /\$\{\w*\}/;

it("never prints a password, encoded or not, from a file or from a variable", () => {
  const password = array(constantFrom(...PIECES, ...ODD), { minLength: 1, maxLength: 8 })
    .map((pieces) => [...pieces, "hidden"].join(""))
    .filter((secret) => !REFERENCE.test(secret));
  const schemes = constantFrom("postgres", "postgresql", "postgis");
  assert(
    property(password, schemes, boolean(), boolean(), (secret, scheme, encoded, asVariable) => {
      const written = encoded ? encodeURIComponent(secret) : secret;
      const url = `${scheme}://app:${written}@127.0.0.1:5433/services`;
      const text = printed(url, asVariable);
      expect(text.toLowerCase()).not.toContain("hidden");
      expect(!encoded || text.includes("PostgreSQL 127.0.0.1:5433/services")).toBe(true);
    }),
    { numRuns: 5_000 },
  );
});
