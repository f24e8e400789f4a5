import { join } from "node:path";

import { lookUpServices, tempTree } from "@slipway/testkit";
import { describe, expect, it } from "vitest";

import { readDatabases } from "../../../src/task/pending/app/database-yml.ts";
import { railsImage } from "../../rails-image.ts";

interface Case {
  readonly name: string;
  readonly file: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly railsEnv?: string;
}

/** What `rails new` of Rails 8.1 writes, but for remarks. */
const GENERATED = `default: &default
  adapter: postgresql
  encoding: unicode
  max_connections: <%= ENV.fetch("RAILS_MAX_THREADS") { 5 } %>
development:
  <<: *default
  database: shop_development
production:
  primary: &primary_production
    <<: *default
    database: shop_production
    username: shop
    password: <%= ENV["SHOP_DATABASE_PASSWORD"] %>
  cache:
    <<: *primary_production
    database: shop_production_cache
    migrations_paths: db/cache_migrate
  queue:
    <<: *primary_production
    database: shop_production_queue
    migrations_paths: ["db/queue_migrate", "db/more"]
`;

const FLAT = `production:
  adapter: mysql2
  host: <%= ENV.fetch("DB_HOST", "db.example") %>
  port: 3307
  database: shop
  username: app
  password: "s3cret"
`;

const ROLES = `production:
  primary:
    adapter: postgresql
    host: main.example
    database: shop
  reading:
    adapter: postgresql
    host: copy.example
    database: shop
    replica: true
  reports:
    adapter: postgresql
    host: reports.example
    database: reports
    database_tasks: false
`;

const CASES: readonly Case[] = [
  { name: "the generated file", file: GENERATED, env: { SHOP_DATABASE_PASSWORD: "pw" } },
  { name: "another environment of it", file: GENERATED, railsEnv: "development" },
  { name: "DATABASE_URL for the primary one", file: GENERATED, env: { DATABASE_URL: "postgres://u:p%40@h:5/d" } },
  { name: "one address by name", file: GENERATED, env: { CACHE_DATABASE_URL: "postgres://h/c?sslmode=require" } },
  {
    name: "the named before the general one",
    file: GENERATED,
    env: { PRIMARY_DATABASE_URL: "postgresql://a/1", DATABASE_URL: "postgres://b/2" },
  },
  { name: "one database", file: FLAT },
  { name: "one database and DATABASE_URL", file: FLAT, env: { DATABASE_URL: "trilogy://u@h/d?host=other" } },
  { name: "replicas and databases without tasks", file: ROLES },
  { name: "a replica by its address", file: ROLES, env: { PRIMARY_DATABASE_URL: "postgres://h/d?replica=true" } },
  {
    name: "tasks switched on by an address",
    file: ROLES,
    env: { REPORTS_DATABASE_URL: "postgres://h/d?database_tasks=1" },
  },
  { name: "a url in the file", file: "production:\n  url: postgres://u:p@h/d\n  host: x\n  port: 1\n" },
  {
    name: "a url in the file before DATABASE_URL",
    file: "production:\n  url: mysql://h/d\n",
    env: { DATABASE_URL: "mysql://b/2" },
  },
  {
    name: "an empty url",
    file: 'production:\n  url: <%= ENV["NONE"] %>\n  adapter: postgresql\n',
    env: { DATABASE_URL: "postgres://h/d" },
  },
  { name: "a section that is a URL", file: "production: postgres://u@h:1/d?migrations_paths=db%2Fa\n" },
  { name: "no section", file: "test:\n  adapter: sqlite3\n", env: { DATABASE_URL: "postgres://h/d" } },
  { name: "an empty file", file: "", env: { DATABASE_URL: "postgis://h/d" } },
  {
    name: "no and off are false",
    file: "production:\n  a: { adapter: postgresql, database_tasks: no }\n  b: { adapter: mysql2, replica: off }\n",
  },
  {
    name: "words that YAML's versions take otherwise",
    file: "production:\n  a: { adapter: postgresql, username: y, password: oN, replica: N }\n  b:\n    adapter: :mysql2\n    database: ':d'\n",
  },
  { name: "symbols", file: "production:\n  :adapter: postgresql\n  :host: h\n  :database: d\n" },
  { name: "an address of IPv6 and encoded parts", file: "production: postgres://us%3Aer:pa%2Fss@[::1]:7/d%20b\n" },
  { name: "a socket", file: "production: mysql2:///shop?socket=/run/mysqld/mysqld.sock\n" },
];

const services = lookUpServices("docker");

describe.skipIf(!services.available)(`config/database.yml as Rails 8.1 reads it ${services.reason}`, () => {
  it("gives the same databases", { timeout: 600_000 }, async () => {
    await using image = railsImage();
    const script = join(import.meta.dirname, "../../fixtures");
    const cases = CASES.map(({ env = {}, railsEnv = "production", ...one }) => ({ ...one, env, railsEnv }));
    const answer = image.run(["ruby", "/fixtures/database-configurations.rb"], {
      folders: { "/fixtures": script },
      input: JSON.stringify(cases),
    });
    expect(answer).toMatchObject({ code: 0, stderr: "" });
    const byRails = JSON.parse(answer.stdout) as readonly unknown[];
    const own = await Promise.all(cases.map((one) => ownReading(one)));
    const label = (readings: readonly unknown[]) => readings.map((reading, index) => [cases[index]?.name, reading]);
    expect(label(own)).toEqual(label(byRails));
  });
});

const KEYS = "adapter database host port username password socket sslmode ssl_mode migrations_paths".split(" ");

async function ownReading({ file, railsEnv, env }: Required<Case>): Promise<unknown> {
  await using app = await tempTree({ "config/database.yml": file });
  const read = await readDatabases(app.path, railsEnv, env);
  if ("unclear" in read) return read;
  return read.databases.map(({ name, values }) => {
    const listed = KEYS.filter((key) => key in values).map((key) => [key, asText(values[key])]);
    return { name, values: Object.fromEntries(listed) as object };
  });
}

function asText(value: unknown): unknown {
  return typeof value === "number" ? String(value) : value;
}
