import { tempTree } from "@slipway/testkit";
import { describe, expect, it } from "vitest";

import { versionsIn } from "../../src/task/pending/migration-files.ts";
import { readLayout } from "../../src/task/pending/rails-layout.ts";

const FLAT = `default: &default
  adapter: postgresql
production:
  <<: *default
  database: shop
`;

/** What is in the app, and why its migrations cannot be told without Rails. */
const UNCLEAR: readonly (readonly [string, Readonly<Record<string, string>>, string])[] = [
  [
    "several databases",
    { "config/database.yml": "production:\n  primary:\n    adapter: postgresql\n  cache:\n    adapter: postgresql\n" },
    "config/database.yml has several databases",
  ],
  [
    "other folders in database.yml",
    { "config/database.yml": "production:\n  adapter: mysql2\n  migrations_paths: db/other\n" },
    "config/database.yml sets migrations_paths or the like",
  ],
  [
    "another path in application.rb",
    { "config/application.rb": 'config.paths["db/migrate"] << "db/more"\n' },
    "config/application.rb sets the paths of migrations",
  ],
  [
    "another table in an initializer",
    { "config/initializers/rails/db.rb": "ActiveRecord::Base.schema_migrations_table_name = 'v'\n" },
    "config/initializers/rails/db.rb names the table of versions",
  ],
  [
    "an engine",
    { "engines/shop/db/migrate/1_a.rb": "" },
    "engines/shop/db/migrate is an engine's: name all folders in `paths`",
  ],
];

describe("an app whose migrations only Rails can tell", () => {
  it.each(UNCLEAR)("because of %s", async (_, files, unclear) => {
    await using app = await tempTree({ "db/migrate/1_a.rb": "", ...files });
    expect(readLayout(app.path, "production", [])).toEqual({ unclear });
  });
});

it.each([
  ["has one database", { "config/database.yml": FLAT }],
  ["has none but DATABASE_URL", {}],
  ["says it in a comment only", { "config/application.rb": '# config.paths["db/migrate"] = "x"\n' }],
  ["has several databases elsewhere", { "config/database.yml": `${FLAT}test:\n  primary:\n    adapter: sqlite3\n` }],
])("takes db/migrate for an app that %s", async (_, files) => {
  await using app = await tempTree({ "db/migrate/1_a.rb": "", ...files });
  expect(readLayout(app.path, "production", [])).toEqual({ paths: [`${app.path}/db/migrate`] });
});

it("takes the folders that the definition names, whatever the app says", async () => {
  await using app = await tempTree({ "engines/shop/db/migrate/1_a.rb": "" });
  const paths = ["db/migrate", "engines/shop/db/migrate"];
  expect(readLayout(app.path, "production", paths)).toEqual({ paths: paths.map((path) => `${app.path}/${path}`) });
});

it("finds the versions that Rails finds, in folders too, and nothing else", async () => {
  await using tree = await tempTree({
    "20240102030405_create_shops.rb": "",
    "2024/20240601000000_add_name.rb": "",
    "001_old.rb": "",
    "20240202000000_from_engine.blorgh.rb": "",
    "20240303000000_Camel.rb": "",
    "notes.md": "",
    "20240404000000_no_ruby.sql": "",
  });
  expect(versionsIn(tree.path)?.toSorted()).toEqual(["1", "20240102030405", "20240202000000", "20240601000000"]);
  expect(versionsIn(`${tree.path}/none`)).toBeUndefined();
});
