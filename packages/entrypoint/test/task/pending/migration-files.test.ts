import { symlink } from "node:fs/promises";
import { join } from "node:path";

import { tempTree } from "@slipway/testkit";
import { describe, expect, it } from "vitest";

import { migrationsIn } from "../../../src/task/pending/migration-files.ts";
import { compareSchema } from "../../../src/task/pending/pending.ts";

it("finds the versions that Rails finds, in folders too, and nothing else", async () => {
  await using tree = await tempTree({
    "20240102030405_create_shops.rb": "",
    "2024/20240601000000_add_name.rb": "",
    "001_old.rb": "",
    "20240202000000_from_engine.blorgh.rb": "",
    "notes.md": "",
    "concern_of_1_migration.rb": "",
    "20240404000000_no_ruby.sql": "",
  });
  const found = migrationsIn(tree.path);
  expect(found).toEqual({ versions: expect.any(Array) as unknown });
  if (found === undefined || "unclear" in found) throw new Error("refused");
  expect(found.versions.toSorted()).toEqual(["1", "20240102030405", "20240202000000", "20240601000000"]);
  expect(migrationsIn(`${tree.path}/none`)).toBeUndefined();
});

it("follows links to files and no links to folders, as Ruby does", async () => {
  await using tree = await tempTree({ "migrate/1_a.rb": "", "other/2_b.rb": "", "other/3_c.rb": "" });
  await symlink("../other/2_b.rb", join(tree.path, "migrate/2_b.rb"));
  await symlink("../other", join(tree.path, "migrate/linked"));
  await symlink("migrate", join(tree.path, "link"));
  expect(migrationsIn(join(tree.path, "link"))).toEqual({ versions: ["1", "2"] });
});

async function compare(...names: readonly string[]) {
  const files = ["20240101000000_a.rb", ...names].map((name) => [`db/migrate/${name}`, ""]);
  await using app = await tempTree(Object.fromEntries(files) as Record<string, string>);
  // Nothing listens there: whoever asks it fails.
  const database = "postgres://127.0.0.1:1/shop";
  const question = { root: app.path, env: {}, paths: ["db/migrate"], database, otherwise: undefined };
  return compareSchema({ ...question, run: ["rails", "db:migrate"] }, AbortSignal.timeout(5_000));
}

describe("migrations that Rails refuses", () => {
  it.each(["20250101_Upper.rb", "20250101_dash-name.rb", "20250101_é.rb", "20250101_new\nline.rb", "2025x_a.rb"])(
    "are left to Rails by their name: %j",
    async (name) => {
      const reason = `${JSON.stringify(name)} is no name of a migration`;
      expect(await compare(name)).toEqual({ state: "unclear", reason });
    },
  );

  it.each(["20240101000000_b.rb", "more/0020240101000000_zero.rb"])(
    "are left to Rails by a version that another has: %s",
    async (name) => {
      const reason = "several migrations have the version 20240101000000";
      expect(await compare(name)).toEqual({ state: "unclear", reason });
    },
  );
});
