import { join } from "node:path";

import { outputOf, tempTree } from "@slipway/testkit";
import { describe, expect, it } from "vitest";

import { readLayout, type Layout, type LayoutSource } from "../../../src/task/pending/app/rails-layout.ts";

const PLAIN = { env: {}, railsEnv: "production", paths: [], database: undefined, otherwise: "postgres://election/db" };

function layoutOf(root: string, source: Partial<LayoutSource> = {}): Promise<Layout> {
  return readLayout({ ...PLAIN, ...source, root });
}

const FLAT = "default: &default\n  adapter: postgresql\n  host: h\nproduction:\n  <<: *default\n  database: shop\n";
const OWN_ENGINE = `initializer :append_migrations do |app|
  app.config.paths["db/migrate"] << File.join(root, "db/migrate")
end
`;
const LOCK =
  "PATH\n  remote: gems/own\n  specs:\n    own (1.0)\n\nGEM\n  specs:\n    activestorage (8.1.1)\n    billing (2.1)\n";

/** What is in the app, and why its migrations cannot be told without Rails. */
const UNCLEAR: readonly (readonly [string, Readonly<Record<string, string>>, string])[] = [
  [
    "another path in application.rb",
    { "config/application.rb": 'config.paths["db/migrate"] << "db/more"\n' },
    "config/application.rb sets the paths of migrations",
  ],
  [
    "another database.yml",
    { "config/application.rb": 'config.paths["config/database"] = "x.yml"\n' },
    "config/application.rb sets the path of database.yml",
  ],
  [
    "another table in an initializer",
    { "config/initializers/rails/db.rb": "ActiveRecord::Base.schema_migrations_table_name = 'v'\n" },
    "config/initializers/rails/db.rb names the table of versions",
  ],
  [
    "an engine that may or may not add its folder",
    { "engines/shop/db/migrate/1_a.rb": "" },
    "engines/shop/db/migrate is an engine's: name all folders in `paths`",
  ],
  [
    "a gem that adds its folder",
    {
      "Gemfile.lock": LOCK,
      "vendor/bundle/ruby/3.3.0/gems/billing-2.1/db/migrate/1_a.rb": "",
      "vendor/bundle/ruby/3.3.0/gems/billing-2.1/lib/engine.rb": OWN_ENGINE,
    },
    "the gem billing-2.1 brings migrations: name all folders in `paths`",
  ],
  [
    "a gem for one platform that adds its folder",
    {
      "Gemfile.lock": "GEM\n  specs:\n    a-b (1.0-x86_64-linux)\n",
      "vendor/bundle/ruby/3.3.0/gems/a-b-1.0-x86_64-linux/db/migrate/1_a.rb": "",
      "vendor/bundle/ruby/3.3.0/gems/a-b-1.0-x86_64-linux/lib/engine.rb": OWN_ENGINE,
    },
    "the gem a-b-1.0-x86_64-linux brings migrations: name all folders in `paths`",
  ],
  [
    "a gem from Git that adds its folder",
    {
      "Gemfile.lock": "GIT\n  remote: https://host/shop.git\n  revision: 0123456789abcdef\n  specs:\n    shop (1.0)\n",
      "vendor/bundle/ruby/3.3.0/bundler/gems/shop-0123456789ab/db/migrate/1_a.rb": "",
      "vendor/bundle/ruby/3.3.0/bundler/gems/shop-0123456789ab/lib/engine.rb": OWN_ENGINE,
    },
    "the gem shop-0123456789ab brings migrations: name all folders in `paths`",
  ],
  [
    "statements in database.yml",
    { "config/database.yml": "<% x = 1 %>\nproduction:\n  adapter: postgresql\n" },
    "config/database.yml: line 1 has Ruby that is more than a value",
  ],
  [
    "a value that Ruby computes",
    { "config/database.yml": "production:\n  adapter: postgresql\n  host: <%= find_host %>\n  database: d\n" },
    "primary.host is Ruby that only Rails carries out",
  ],
  [
    "a switch that Ruby computes",
    { "config/database.yml": "production:\n  a: { adapter: postgresql }\n  b:\n    replica: <%= copy? %>\n" },
    "config/database.yml: b.replica is Ruby that only Rails carries out",
  ],
  [
    "what is no YAML, of which nothing is quoted",
    { "config/database.yml": "production: {\n  password: s3cret\n" },
    "config/database.yml: this is not the YAML that Rails reads",
  ],
  [
    "a merge that replaces keys in Ruby alone",
    { "config/database.yml": "d: &d\n  database: a\nproduction:\n  database: b\n  <<: *d\n" },
    "config/database.yml: a << stands behind other keys, which it replaces in Ruby",
  ],
  ["a shared section", { "config/database.yml": `shared: {}\n${FLAT}` }, "config/database.yml has a shared section"],
  [
    "another kind of database",
    { "config/database.yml": "production:\n  adapter: sqlite3\n  database: storage/db\n" },
    'primary is a database of the adapter "sqlite3"',
  ],
  [
    "another schema of the database",
    { "config/database.yml": `${FLAT}  schema_search_path: app\n` },
    "primary sets schema_search_path",
  ],
  ...["0x1f", "017", "1.50", "1_000", "1,000", "12:30", "2020-01-01", "yes", "nO", "oN", ":a:b"].map(
    (password) =>
      [
        `a password that is none to YAML, ${password}`,
        { "config/database.yml": `${FLAT}  password: ${password}\n` },
        "primary.password is neither text nor a whole number: quote it",
      ] as const,
  ),
  [
    "several hosts",
    { "config/database.yml": `${FLAT}  host: a,b\n`.replace("  host: h\n", "") },
    "primary: host names several, which are not tried in turn as libpq does it: name one",
  ],
  [
    "several ports",
    { "config/database.yml": `${FLAT}  port: "5432,5433"\n` },
    "primary: port is not a number up to 65535",
  ],
  [
    "what is asked of libpq alone",
    { "config/database.yml": `${FLAT}  target_session_attrs: read-write\n` },
    "primary: target_session_attrs asks for what is not held to here: give an address without it",
  ],
  ["a driver's default host", { "config/database.yml": FLAT.replace("host: h", "") }, "primary names no host"],
];

describe("an app whose migrations only Rails can tell", () => {
  it.each(UNCLEAR)("because of %s", async (_, files, unclear) => {
    await using app = await tempTree({ "db/migrate/1_a.rb": "", ...files });
    expect(await layoutOf(app.path)).toEqual({ unclear });
  });

  it("because config/database.yml is a pipe", async () => {
    await using app = await tempTree({ "db/migrate/1_a.rb": "", "config/boot.rb": "" });
    outputOf("mkfifo", [join(app.path, "config/database.yml")]);
    expect(await layoutOf(app.path)).toEqual({ unclear: "config/database.yml: not a regular file" });
  });
});

/** A text without its quotation marks, a symbol without its colon. */
function asRuby(written: string): string {
  return written.startsWith("'") ? written.slice(1, -1) : written.replace(/^:/, "");
}

describe("an app's databases", () => {
  it("are one with db/migrate, in the election's database, when nothing says otherwise", async () => {
    await using app = await tempTree({ "config/application.rb": '# config.paths["db/migrate"] = "x"\n' });
    const folders = [{ path: `${app.path}/db/migrate`, optional: false }];
    const databases = [{ name: "primary", url: "postgres://election/db", folders }];
    expect(await layoutOf(app.path)).toEqual({ databases });
  });

  it.each(["1e5", "123e4567", "e12", "1E+5", "123456789012345678", "0819", "-5", "y", "N", "a,b", "':a'", ":a"])(
    "have a password that looks like something else, as Ruby takes it: %s",
    async (password) => {
      await using app = await tempTree({ "config/database.yml": `${FLAT}  password: ${password}\n` });
      const url = `postgres://@/?dbname=shop&password=${encodeURIComponent(asRuby(password))}&host=h`;
      expect(await layoutOf(app.path)).toMatchObject({ databases: [{ url }] });
    },
  );

  it("have the whole password of an address, and the reason when it has none", async () => {
    await using app = await tempTree({ "config/database.yml": FLAT });
    const [whole, broken] = await Promise.all(
      ["%3Asecret", "%zz"].map((password) =>
        layoutOf(app.path, { env: { DATABASE_URL: `postgres://u:${password}@h/shop` } }),
      ),
    );
    expect(whole).toMatchObject({ databases: [{ url: "postgres://@/?dbname=shop&user=u&password=%3Asecret&host=h" }] });
    expect(broken).toEqual({ unclear: "config/database.yml: a % in an address begins no encoded character" });
  });

  it("are those of config/database.yml, each with its folders", async () => {
    const several = `${FLAT}test:\n  adapter: sqlite3\n`.replace(
      "  <<: *default\n  database: shop\n",
      "  primary:\n    <<: *default\n    database: shop\n    username: a b\n" +
        "  cache:\n    adapter: trilogy\n    host: m\n    port: 3307\n    database: c\n    password: p/w\n    migrations_paths: db/cache_migrate\n",
    );
    await using app = await tempTree({ "config/database.yml": several });
    expect(await layoutOf(app.path)).toEqual({
      databases: [
        {
          name: "primary",
          url: "postgres://@/?dbname=shop&user=a%20b&host=h",
          folders: [{ path: `${app.path}/db/migrate`, optional: false }],
        },
        {
          name: "cache",
          url: "mysql2://:p%2Fw@m:3307/c?",
          folders: [{ path: `${app.path}/db/cache_migrate`, optional: true }],
        },
      ],
    });
  });

  it("take the folders of engines that add theirs, and not of those that have them copied", async () => {
    await using app = await tempTree({
      "Gemfile.lock": LOCK,
      "gems/own/db/migrate/1_a.rb": "",
      "gems/own/lib/own/engine.rb": OWN_ENGINE,
      "engines/copied/db/migrate/1_a.rb": "",
      "engines/copied/lib/copied.rb": "class Engine < Rails::Engine; end",
      "vendor/bundle/ruby/3.3.0/gems/billing-2.0/db/migrate/1_a.rb": "",
      "vendor/bundle/ruby/3.3.0/gems/billing-2.0/lib/engine.rb": OWN_ENGINE,
      // so that it would be seen if Rails' own were read
      "vendor/bundle/ruby/3.3.0/gems/activestorage-8.1.1/db/migrate/1_a.rb": "",
      "vendor/bundle/ruby/3.3.0/gems/activestorage-8.1.1/lib/engine.rb": OWN_ENGINE,
    });
    const layout = await layoutOf(app.path);
    const paths = "databases" in layout ? layout.databases.flatMap(({ folders }) => folders) : [];
    expect(paths.map(({ path }) => path.slice(app.path.length))).toEqual(["/db/migrate", "/gems/own/db/migrate"]);
  });

  it("have the folders and the database that the definition names, whatever the app says", async () => {
    await using app = await tempTree({ "engines/shop/db/migrate/1_a.rb": "", "config/database.yml": "<% x %>" });
    const paths = ["db/migrate", "engines/shop/db/migrate"];
    const folders = paths.map((path) => ({ path: `${app.path}/${path}`, optional: false }));
    const database = "mysql2://h/d";
    expect(await layoutOf(app.path, { paths, database })).toEqual({
      databases: [{ name: "primary", url: database, folders }],
    });
  });
});
