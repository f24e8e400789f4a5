import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";

import { parsePlainYaml } from "../../../src/task/pending/app/plain-yaml.ts";

/** As `config/database.yml` is read where it is not plain, without the parser's bound on aliases. */
function parseWhole(text: string): unknown {
  return parse(text, { version: "1.1", merge: true, prettyErrors: false, maxAliasCount: -1 });
}

const RAILS = `# SQLite. Versions 3.8.0 and up are supported.
default: &default
  adapter: postgresql
  encoding: unicode
  max_connections: 5

development:
  <<: *default
  database: shop_development

production:
  primary: &primary_production
    <<: *default
    database: shop_production
    username: shop
    password: ""
    url: postgres://shop@db.internal:5432/shop?sslmode=require
  cache:
    <<: *primary_production
    database: 'shop_production_cache'
    migrations_paths: db/cache_migrate
    database_tasks: false
    replica:
`;

const VALUES =
  `x|x y|x:y|x: y|x:|&x|&y|*x|*y|http://h:1/p?q=r#s|~|-|- x|0|7|012|1_0|0x1|1e3|-1|true|No|NULL|.inf|''|'a: #b'|"a"|"\\x"|'a' b|[x]|{x: y}|>|x #y||`.split(
    "|",
  );

describe("YAML of Rails' own form", () => {
  it("is read", () => {
    expect(parsePlainYaml(RAILS)).toMatchObject({
      production: {
        primary: { adapter: "postgresql", max_connections: 5, password: "", username: "shop" },
        cache: { username: "shop", database: "shop_production_cache", database_tasks: false, replica: null },
      },
    });
    expect(parsePlainYaml(RAILS)).toEqual(parseWhole(RAILS));
  });

  it.each([
    "",
    "a: { b: c }",
    "a:\n  - b",
    "a: b # c",
    "a: b\n  c",
    "a: b\n  c: d",
    "a:\n    b: 1\n  c: 2",
    "a: 010",
    "a: 1.5",
    "a: 12:30",
    "a: yes",
    "on: a",
    'a: "\\n"',
    "a: 'it''s'",
    "a: 1\na: 2",
    "a: &b\nc: 1",
    "a: &b\n  <<: *b",
    "a:\n  <<: *b",
    "a: |\n  b: c",
    "---\na: b",
    "a:\tb",
    "a: b:",
    "a: !ruby/object b",
    "a: __proto__",
    "a: &x\n  b: &x\n    c: 1\nd:\n  <<: *x",
    "a: &x\n  b: 1\nc: &x\n  <<: *x",
    "a: &x\n  b: 1\nc:\n  b: 2\n  <<: *x",
    "a: b\n\t\nc: d",
    "a: b\n\u00a0\nc: d",
    "a: 'b\u0085c'",
  ])("is not %j", (text) => {
    expect(parsePlainYaml(text)).toBeUndefined();
  });

  const mostlyPlain = fc.tuple(
    fc.constantFrom("", "  ", "    "),
    fc.constantFrom("a", "b", "c", "default", "<<"),
    fc.constant(":"),
    fc.constantFrom("", "", " &x", " *x", " *x", " x", " 7", " true", ' "a: b"', " h://u:p@s:1/d?q=r&t=u"),
    fc.constantFrom("", " "),
  );
  const wild = fc.tuple(
    fc.constantFrom("", "", "  ", "  ", "    ", " "),
    fc.constantFrom("a", "b", "c", "d-e", "default", "<<", "yes", "y", "null", "1", "#"),
    fc.constantFrom(":", ": ", ":  ", ""),
    fc.constantFrom(...VALUES),
    fc.constantFrom("", "", "", " ", "\r", " # z"),
  );

  const line = fc.oneof({ weight: 12, arbitrary: mostlyPlain }, { weight: 1, arbitrary: wild });

  it("is read as by a whole parser, or not at all", () => {
    let read = 0;
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 7 }), (lines) => {
        const text = lines.map((parts) => parts.join("")).join("\n");
        const plain = parsePlainYaml(text);
        if (plain === undefined) return;
        read += 1;
        expect(plain).toEqual(parseWhole(text));
      }),
      { numRuns: 20_000 },
    );
    expect(read).toBeGreaterThan(500);
  });
});
