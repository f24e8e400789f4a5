import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { run } from "../../src/cli/run.ts";
import type { Ledger, LedgerFile } from "../../src/ledger/ledger.ts";
import { sync } from "../../src/sync/sync.ts";
import { usageOf } from "../../src/report/usage.ts";
import { usagePage } from "../../src/report/usage-page.ts";
import { BUCKET, syncFixture } from "../sync/fixture.ts";

const DAY = 86_400;
const RULES = { keep: 1, minAge: 0, running: new Set<string>() };

function row(size: number, type: string): LedgerFile {
  return { size, sha256: "a".repeat(64), revision: 1, headers: { "content-type": type, "cache-control": "no-cache" } };
}

const LEDGER: Ledger = {
  revision: 2,
  files: new Map([
    ["assets/app-1a2b3c4d.js", row(1000, "text/javascript; charset=utf-8")],
    ["assets/app-5e6f7a8b.js", row(4000, "text/javascript; charset=utf-8")],
    ["assets/logo-00ff00ff.svg", row(300, "image/svg+xml; charset=utf-8")],
    ["assets/new-1234abcd.css", row(50, "text/css; charset=utf-8")],
  ]),
  releases: new Map([
    ["v1", { at: DAY, keys: ["assets/app-1a2b3c4d.js", "assets/logo-00ff00ff.svg"] }],
    ["v2", { at: 2 * DAY, keys: ["assets/app-5e6f7a8b.js", "assets/logo-00ff00ff.svg", "assets/new-1234abcd.css"] }],
  ]),
};

describe("a report", () => {
  it("says what is stored, what each release added, what grew, and what can go", () => {
    expect(usageOf(LEDGER, RULES, 3 * DAY)).toEqual({
      stored: { files: 4, bytes: 5350 },
      releases: [
        {
          release: "v2",
          at: 2 * DAY,
          pinned: false,
          needed: { files: 3, bytes: 4350 },
          added: { files: 2, bytes: 4050 },
        },
        { release: "v1", at: DAY, pinned: false, needed: { files: 2, bytes: 1300 }, added: { files: 2, bytes: 1300 } },
      ],
      types: [
        { type: "text/javascript", files: 2, bytes: 5000 },
        { type: "image/svg+xml", files: 1, bytes: 300 },
        { type: "text/css", files: 1, bytes: 50 },
      ],
      grown: [
        { name: "assets/app.js", before: 1000, after: 4000 },
        { name: "assets/new.css", before: 0, after: 50 },
      ],
      collectable: { files: 1, bytes: 1000, releases: ["v1"], leftOver: 0 },
    });
  });

  it("counts what a killed collection may not have deleted, and no build has brought back", () => {
    const keys = ["assets/app-5e6f7a8b.js", "assets/gone-1a2b3c4d.js"];
    const killed: Ledger = { ...LEDGER, collection: { revision: 2, claims: [{ revision: 2, keys, until: 3 * DAY }] } };
    const usage = usageOf(killed, RULES, 3 * DAY);
    expect(usage.collectable).toEqual({ files: 1, bytes: 1000, releases: ["v1"], leftOver: 1 });
    expect(usagePage("s3://shop-assets", usage)).toContain(
      "1 file, 1.0 KB, and up to 1 file left over by an earlier collection",
    );
  });

  it.each([
    ["assets/.sprockets-manifest-0cc175b9c0f1b6a831c399e269772661.json", "assets/.sprockets-manifest.json"],
    ["assets/admin-settings-1a2b3c4d.js", "assets/admin-settings.js"],
    ["vite/assets/index-B-x_3k9Z.js", "vite/assets/index.js"],
    ["assets/logo.svg", "assets/logo.svg"],
  ])("names %s without its hash, %s", (key, name) => {
    const files = new Map([[key, row(10, "text/plain")]]);
    const releases = new Map([
      ["v1", { at: DAY, keys: [] }],
      ["v2", { at: 2 * DAY, keys: [key] }],
    ]);
    expect(usageOf({ revision: 1, files, releases }, RULES, 3 * DAY).grown).toEqual([{ name, before: 0, after: 10 }]);
  });

  it("is a page that loads nothing and shows names as they are", () => {
    const odd: Ledger = {
      ...LEDGER,
      releases: new Map([["<img src=x>", { at: DAY, keys: ["assets/app-1a2b3c4d.js"] }]]),
    };
    const page = usagePage("s3://shop-assets", usageOf(odd, RULES, 3 * DAY));
    expect(page).toContain("&lt;img src=x&gt;");
    expect(page).not.toMatch(/<img|<script|<link|https?:|url\(/);
  });

  it("of a target that was never synced to has nothing to say", () => {
    const empty = usageOf({ revision: 0, files: new Map(), releases: new Map() }, RULES, DAY);
    expect(empty).toMatchObject({ stored: { files: 0 }, releases: [], grown: [] });
    expect(usagePage("file:///srv", empty)).toContain("Nothing.");
  });

  it("is written by the command line, for one request", async () => {
    await using world = await syncFixture();
    await sync(world.options());
    world.requests();
    const html = join(world.tree.path, "report.html");
    const lines: string[] = [];
    const words = [
      "report",
      "--to",
      `s3://${BUCKET}/pre`,
      "--endpoint",
      world.double.endpoint,
      "--path-style",
      "--html",
      html,
    ];
    const output = { write: (text: string) => lines.push(text) };
    const terminal = { stdout: output, stderr: output, environment: {}, directory: world.tree.path };
    expect(await run(words, terminal, new AbortController().signal)).toBe(0);
    expect(lines.join("")).toContain("collect would free 0 files");
    expect(world.requests()).toHaveLength(1);
    expect(await readFile(html, "utf8")).toContain("<td>v1</td>");
  });
});
