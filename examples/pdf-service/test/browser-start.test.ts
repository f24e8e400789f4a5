import { access, chmod, readdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { tempTree, until, type TempTree } from "@slipway/testkit";
import { describe, expect, it } from "vitest";

import { Fleet } from "../src/browser/fleet.ts";
import { startBrowser } from "../src/browser/running-browser.ts";

/** Says nothing to whoever started it, as a browser that hangs. */
const SILENT = `#!/bin/sh
echo $$ > "$0.pid.new"
mv "$0.pid.new" "$0.pid"
exec sleep 600
`;

describe("a browser that never answers", () => {
  it("is given up when its time is over, and nothing is left of it", async () => {
    await using tree = await tempTree({ chromium: SILENT });
    const before = await profiles();
    await expect(startBrowser(await program(tree), 300)).rejects.toThrow("it was not ready within 0.3 s");
    const pid = await pidOf(tree);
    await until("it has ended", () => isGone(pid));
    expect(await profiles()).toEqual(before);
  });

  it("keeps no page longer than the page has time", async () => {
    await using tree = await tempTree({ chromium: SILENT });
    const fleet = new Fleet(await program(tree), { recycleAfter: 100, memoryBytes: 1e9 });
    const limit = new AbortController();
    const leasing = fleet.lease(limit.signal);
    const pid = await pidOf(tree);
    limit.abort(new Error("the page's time is over"));
    await expect(leasing).rejects.toThrow("the page's time is over");
    process.kill(pid, "SIGKILL");
    await fleet.close();
  });
});

async function program(tree: TempTree): Promise<string> {
  const path = join(tree.path, "chromium");
  await chmod(path, 0o755);
  return path;
}

async function pidOf(tree: TempTree): Promise<number> {
  const file = join(tree.path, "chromium.pid");
  await until("it runs", () =>
    access(file).then(
      () => true,
      () => false,
    ),
  );
  return Number(await readFile(file, "utf8"));
}

function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
}

async function profiles(): Promise<readonly string[]> {
  return (await readdir(tmpdir())).filter((name) => name.startsWith("pdf-service-profile-"));
}
