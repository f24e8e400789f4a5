import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

import { collect, parseTarget, pin, resolveOptions, sync, type Target } from "@slipway/asset-sync";
import { tempTree } from "@slipway/testkit";
import { describe, expect, it } from "vitest";

import { brokenPages, type Instant } from "../src/asset-timeline.ts";

const ASSETS = {
  v1: ["assets/app-11111111.css", "assets/app-aaaaaaaa.js"],
  v2: ["assets/app-22222222.css", "assets/app-aaaaaaaa.js"],
  v3: ["assets/app-33333333.css", "assets/app-cccccccc.js"],
} as const;

type Release = keyof typeof ASSETS;

/** A store that asset-sync fills, and the moments at which it was looked at. */
class Timeline {
  readonly instants: Instant[] = [];
  readonly #root: string;
  readonly #target: Target;

  constructor(root: string) {
    this.#root = root;
    this.#target = parseTarget(`file://${join(root, "store")}`);
  }

  async sync(release: Release): Promise<void> {
    await sync(
      resolveOptions(join(this.#root, release), { to: `file://${join(this.#root, "store")}`, release }, {}, this.#root),
    );
  }

  async collect(keep: number): Promise<void> {
    await collect({ target: this.#target, keep, minAge: 0, maxDelete: 100, runningFrom: [] });
  }

  async pin(release: Release, pinned = true): Promise<void> {
    await pin(this.#target, { release, pinned });
  }

  /** What a script does that lets the newest build decide. */
  removeAllBut(release: Release): void {
    const kept = new Set<string>(ASSETS[release]);
    for (const file of this.#stored()) if (!kept.has(file)) rmSync(join(this.#root, "store", file));
  }

  look(at: string, ...pages: readonly Release[]): void {
    this.instants.push({ at, pages, stored: new Set(this.#stored()) });
  }

  #stored(): readonly string[] {
    return readdirSync(join(this.#root, "store/assets")).map((name) => `assets/${name}`);
  }
}

async function withReleases(run: (timeline: Timeline) => Promise<void>): Promise<readonly string[]> {
  const files = Object.entries(ASSETS).flatMap(([release, names]) =>
    names.map((name) => [`${release}/${name}`, name] as const),
  );
  await using tree = await tempTree(Object.fromEntries(files));
  const timeline = new Timeline(tree.path);
  await run(timeline);
  return brokenPages(timeline.instants, ASSETS);
}

describe("the pages of old and new releases", () => {
  it("find their assets at every moment of rolling deployments, of a collection and of a rollback", async () => {
    const broken = await withReleases(async (timeline) => {
      await timeline.sync("v1");
      timeline.look("v1 serves", "v1");
      await timeline.pin("v1");
      await timeline.sync("v2");
      timeline.look("v2 is built", "v1");
      timeline.look("v2 rolls out", "v1", "v2");
      await timeline.pin("v2");
      timeline.look("v1 has stopped, its pages are open", "v1", "v2");
      await timeline.collect(1);
      timeline.look("collected after v2", "v1", "v2");
      await timeline.sync("v3");
      timeline.look("v3 rolls out", "v2", "v3");
      await timeline.pin("v3");
      await timeline.pin("v1", false);
      await timeline.collect(2);
      timeline.look("collected after v3", "v2", "v3");
      await timeline.sync("v1");
      timeline.look("rolled back to v1, from its image", "v1", "v3");
    });
    expect(broken).toEqual([]);
  });

  it("do not when the newest build decides what stays", async () => {
    const broken = await withReleases(async (timeline) => {
      await timeline.sync("v1");
      await timeline.sync("v2");
      timeline.removeAllBut("v2");
      timeline.look("v2 rolls out", "v1", "v2");
    });
    expect(broken).toEqual(["v2 rolls out: a page of v1 lacks assets/app-11111111.css"]);
  });

  it("do not when a rollback forgets the assets", async () => {
    const broken = await withReleases(async (timeline) => {
      await timeline.sync("v1");
      await timeline.sync("v2");
      await timeline.sync("v3");
      await timeline.collect(1);
      timeline.look("rolled back to v1", "v1");
    });
    expect(broken).toContain("rolled back to v1: a page of v1 lacks assets/app-11111111.css");
  });
});
