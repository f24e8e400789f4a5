import { join } from "node:path";

import { afterEach, describe, expect, it, vi } from "vitest";

import { collectingPolicy } from "./collecting-policy.ts";
import { history } from "./history.ts";
import { deletingPolicy, lifecyclePolicy, versionLimitPolicy } from "./policies.ts";
import { simulate, type Outcome } from "./simulation.ts";

const PAGE = join(import.meta.dirname, "../../../../docs/asset-retention.md");
const SEED = 1;

afterEach(() => vi.useRealTimers());

const known = new Map<number, Promise<Outcome>>();

/** The program's own outcome, found out once. */
function ours(seed: number): Promise<Outcome> {
  const outcome = known.get(seed) ?? ownOutcome(seed);
  known.set(seed, outcome);
  return outcome;
}

async function ownOutcome(seed: number): Promise<Outcome> {
  vi.useFakeTimers({ toFake: ["Date"] });
  await using policy = await collectingPolicy();
  return await simulate(history(seed), policy, (now) => vi.setSystemTime(now));
}

describe("200 deploys with rollbacks, builds at once and collections at any time", () => {
  it.each([SEED, 2])("leave no page without its assets (history %i)", { timeout: 120_000 }, async (seed) => {
    const { missingAtOnce, missingLater, objects } = await ours(seed);
    expect({ missingAtOnce, missingLater }).toEqual({ missingAtOnce: 0, missingLater: 0 });
    // And something was collected.
    expect(objects).toBeLessThan(120);
  });

  it("are worse off with other ways to clean up, as docs/asset-retention.md says", { timeout: 120_000 }, async () => {
    const steps = history(SEED);
    const outcomes: readonly (readonly [string, Outcome])[] = [
      ["`asset-sync collect --keep 3 --min-age 1d --running-from …`", await ours(SEED)],
      ["asset_sync with `existing_remote_files: delete`", await simulate(steps, deletingPolicy(), still)],
      ["a lifecycle rule: 30 days after the upload", await simulate(steps, lifecyclePolicy(), still)],
      ["limits for each file, as s3_asset_deploy has them", await simulate(steps, versionLimitPolicy(), still)],
    ];
    for (const [, { missingAtOnce, missingLater }] of outcomes.slice(1)) {
      expect(missingAtOnce + missingLater).toBeGreaterThan(0);
    }
    await expect(page(outcomes)).toMatchFileSnapshot(PAGE);
  });
});

/** The models have no clock but what they are told. */
function still(): void {
  // Nothing to set.
}

function number(value: number): string {
  return value.toLocaleString("en-US");
}

function page(outcomes: readonly (readonly [string, Outcome])[]): string {
  const rows = outcomes.map(([name, { missingAtOnce, missingLater, objects }]) => [
    name,
    number(missingAtOnce),
    number(missingLater),
    number(objects),
  ]);
  const head = ["policy", "404s of fresh pages", "404s of open pages", "objects at most"];
  const widths = head.map((text, column) =>
    Math.max(...[head, ...rows].map((row) => (row[column] ?? "").length), text.length),
  );
  const line = (row: readonly string[], numbers: boolean): string =>
    `| ${row.map((text, column) => (numbers && column > 0 ? text.padStart(widths[column] ?? 0) : text.padEnd(widths[column] ?? 0))).join(" | ")} |`;
  const rule = `| ${widths.map((width, column) => (column === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`)).join(" | ")} |`;
  const asked = outcomes[0]?.[1].asked ?? 0;
  return `# What becomes of pages when assets are cleaned up

A simulated history of 200 deploys: four tasks that are replaced one after the other, rollbacks, builds at the same time,
weeks without a deploy, clean-ups at any time, in the middle of builds and rollouts too. Browsers ask for all that a page
names when a task has just served it, and for one part of it now and then while it is open, for up to eight hours:
${number(asked)} requests in all. The first row is the program itself on a folder, with a clock that is turned; the others are models of
what the tools do. The table is made by \`packages/asset-sync/test/timeline\`.

${[line(head, false), rule, ...rows.map((row) => line(row, true))].join("\n")}

Deleting what the newest build does not have takes it from the tasks that still run. A lifecycle rule counts from the upload:
a file that no release changes is not uploaded again, and expires under the pages that name it. Limits for each file count
its versions, not what runs: a file that changes three times in a day is gone from a page that was opened in the morning,
and from a release that is rolled back to.
`;
}
