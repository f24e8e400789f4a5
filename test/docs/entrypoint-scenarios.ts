import { blockWith } from "./blocks.ts";
import { pageAt } from "./pages.ts";
import type { Scenario } from "./scenario.ts";

const page = "packages/entrypoint/README.md";

const START = blockWith(pageAt(page), '"task": "migrate", "run": ["bin/rails", "db:migrate"]');
const RECEIPT = JSON.stringify({ format: "slipway-receipt/1", release: "3f9c2ab" });
const DATABASE = { DATABASE_URL: "postgres://app:secret@127.0.0.1:5433/shop" };
const SECONDS = /\d+\.\d\d s/g;

/** Says what it was called with, as all that a Ruby program is needed for here. */
const BUNDLE = '#!/bin/sh\necho "bundle $*"\n';

const ENTRYKIT = `FROM ruby:3.3
ENTRYPOINT ["prehook", "rm -f tmp/pids/*", "bundle exec rails db:migrate", "bundle exec rake sitemap:refresh"]
CMD ["bundle", "exec", "puma", "-b", "tcp://0.0.0.0:$PORT"]
`;

const TEMPLATE = `worker_processes {{ var "WORKERS" | default "2" }};
{{ range $host := var "HOSTS" | split "," -}}
server_name {{ $host }};
{{ end -}}
`;

/** Its README's blocks that need no more than this machine. */
export const ENTRYPOINT_SCENARIOS: readonly Scenario[] = [
  {
    page,
    begins: "entrypoint explain -- bin/rails server",
    files: { "entrypoint.json": START, "public/.asset-receipt.json": RECEIPT },
    environment: DATABASE,
  },
  {
    page,
    begins: "entrypoint run -- bin/rails server",
    shows: "there is no task",
    files: { "entrypoint.json": START.replace('"migrate"', '"migrat"') },
    environment: DATABASE,
    varies: SECONDS,
    code: 2,
  },
  {
    page,
    begins: "entrypoint lint",
    files: {
      "entrypoint.json": JSON.stringify({
        tasks: [
          { task: "wait-for", url: "${DATABASE_URL}" },
          { task: "run", run: ["rm", "-f", "tmp/pids/*"] },
        ],
      }),
    },
  },
  {
    page,
    begins: `node -e 'import("./entrypoint.config.ts").then((file) => console.log(JSON.stringify(file.default)))' > entrypoint.json`,
    files: { "entrypoint.config.ts": blockWith(pageAt(page), "import { defineEntrypoint }") },
    environment: { ...DATABASE, ENTRYPOINT_RELEASE: "v1" },
    after: "entrypoint explain -- bin/rails server",
  },
  {
    page,
    begins: "DATABASE_URL=ssm:/shop/url entrypoint explain -- bin/rails server",
    files: { "entrypoint.json": '{ "tasks": [{ "task": "wait-for", "url": "${DATABASE_URL}" }] }' },
  },
  { page, begins: "cat Dockerfile", files: { Dockerfile: ENTRYKIT }, code: 1 },
  {
    page,
    begins: `prehook "bundle exec rails db:migrate" "bundle exec rake sitemap:refresh" -- bundle exec puma -b 'tcp://\${HOST:-0.0.0.0}'`,
    files: { "bin/bundle": BUNDLE },
  },
  { page, begins: "cat nginx.conf.tmpl", files: { "nginx.conf.tmpl": TEMPLATE } },
  {
    page,
    begins: 'switch console="bundle exec rails console" -- bundle exec puma console',
    files: { "bin/bundle": BUNDLE },
  },
];

/** Stands in for Rails: migrates one version, or serves. */
const RAILS = `#!/bin/sh
[ "$1" = server ] && exec echo "serving with pid $$"
echo "== 20240101 CreateResumes: migrating"
exec node --eval '
  const pg = require(process.env.REPOSITORY + "/packages/entrypoint/node_modules/pg");
  const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
  client.connect()
    .then(() => client.query("insert into schema_migrations values ($1)", ["20240101"]))
    .then(() => client.end());
'
`;

/** Its README's blocks that ask a database. */
export const ENTRYPOINT_DATABASE_SCENARIOS: readonly Scenario[] = [
  {
    page,
    begins: "entrypoint run -- bin/rails server",
    shows: "run here",
    files: {
      "entrypoint.json": START,
      "public/.asset-receipt.json": RECEIPT,
      "bin/rails": RAILS,
      "db/migrate/20240101_create_resumes.rb": "",
    },
    varies: / *\d+\.\d\d s *| *\d+ MB *|pid \d+|127\.0\.0\.1:5433\/shop/g,
    needs: ["postgres"],
  },
];
