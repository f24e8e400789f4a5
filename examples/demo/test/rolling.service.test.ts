import { appendFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

import { lookUpServices } from "@slipway/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { buildBaseImages, makeRelease, type Release, untilServing } from "../src/docker/chain.ts";
import { copyOfTheApp } from "./app-copy.ts";
import { presentServers } from "./present-servers.ts";
import { startProxy } from "./rolling-proxy.ts";
import { type Visits, Visitors } from "./visitors.ts";

const services = lookUpServices("docker", "s3", "postgres");
const ADMIN_PASSWORD = "correct horse";
const VERSION = "20260701090000";
const PATIENCE_MS = 60_000;

/** It waits before it changes the table, so that many requests fall into it. */
const MIGRATION = `
class AddHeadlineToResumes < ActiveRecord::Migration[8.1]
  def change
    execute "SELECT pg_sleep(3)"
    add_column :resumes, :headline, :string, null: false, default: ""
  end
end
`;

describe.skipIf(!services.available)(`a rolling replacement under load ${services.reason}`, () => {
  let first: Release;
  let second: Release;
  let folder: string;

  beforeAll(async () => {
    await buildBaseImages();
    first = await makeRelease(presentServers());
    folder = await copyOfTheApp();
    await writeFile(join(folder, "db", "migrate", `${VERSION}_add_headline_to_resumes.rb`), MIGRATION);
    await appendFile(join(folder, "app", "assets", "stylesheets", "application.scss"), ".headline { color: #123; }");
    await appendFile(join(folder, "app", "javascript", "application.js"), "document.title += '';");
    second = await first.next(folder);
  });

  afterAll(async () => {
    await second?.[Symbol.asyncDispose]();
    await first?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  it("fails no request and lacks no asset, while two releases serve and a migration runs between them", async () => {
    const start = { env: { ADMIN_PASSWORD } };
    await using proxy = await startProxy();
    await using old = await first.start(2, start);
    await Promise.all(old.apps.map((app) => untilServing(app)));
    await using seeds = await first.start(1, { command: ["bin/rails", "db:seed"] });
    expect(await seeds.apps[0]?.container.wait()).toBe(0);
    for (const { url } of old.apps) proxy.add(url);

    const visitors = new Visitors(proxy.url, ADMIN_PASSWORD, 6);
    await untilVisits(visitors, ({ byRelease, written }) => (byRelease[first.id] ?? 0) > 20 && written > 0);

    const before = visitors.visits.pages;
    await using fresh = await second.start(2, start);
    await Promise.all(fresh.apps.map((app) => untilServing(app)));
    const during = visitors.visits.pages - before;
    for (const { url } of fresh.apps) proxy.add(url);
    await untilVisits(visitors, ({ byRelease }) => (byRelease[second.id] ?? 0) > 10);
    for (const { url, container } of old.apps) {
      await proxy.remove(url);
      await container.stop();
    }
    const { written } = visitors.visits;
    await untilVisits(visitors, (visits) => visits.written > written + 2);
    const visits = await visitors.leave();

    expect(visits.failed).toEqual([]);
    expect(visits.missing).toEqual([]);
    expect(Object.keys(visits.byRelease).toSorted()).toEqual([first.id, second.id].toSorted());
    expect(during).toBeGreaterThan(0);
    expect(await first.database.appliedVersions()).toMatchObject({ [VERSION]: 1 });
  });
});

async function untilVisits(visitors: Visitors, enough: (visits: Visits) => boolean): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!enough(visitors.visits)) {
    if (performance.now() > deadline) throw new Error(`not enough visits: ${JSON.stringify(visitors.visits)}`);
    await wait(50);
  }
}
