import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { EntrypointError } from "../errors.ts";
import { openRehearsalServer } from "./rehearsal-server.ts";

/** Runs the program for an argv as Node gives it. */
export type Main = (argv: readonly string[]) => Promise<number>;

/** The code of what many definitions name and a rehearsal would need another server for. */
const NOT_REHEARSED: readonly (() => Promise<unknown>)[] = [
  () => import("../task/verify-assets.ts"),
  () => import("../task/elected-command.ts"),
  () => import("../task/probe/mysql.ts"),
  () => import("../task/pending/mysql-versions.ts"),
  () => import("mysql2"),
  () => import("pg"),
];

const VERSION = "20240101000000";

/** What a start reads of a Rails app in which nothing is pending. */
const APP: Readonly<Record<string, string>> = {
  "entrypoint.json": JSON.stringify({
    tasks: [
      { task: "wait-for", url: "${DATABASE_URL}" },
      { task: "migrate", run: ["bin/rails", "db:migrate"], election: "${DATABASE_URL}" },
    ],
  }),
  "empty.json": '{ "tasks": [] }',
  "Gemfile.lock": "GEM\n  specs:\n    rails (8.1.0)\n",
  "config/application.rb": "module Rehearsal; class Application < Rails::Application; end; end\n",
  "config/database.yml": [
    "default: &default",
    "  adapter: postgresql",
    '  max_connections: <%= ENV.fetch("RAILS_MAX_THREADS") { 5 } %>',
    "production:",
    "  <<: *default",
    "  database: rehearsal",
    "",
  ].join("\n"),
  [`db/migrate/${VERSION}_create_rehearsals.rb`]: "",
};

/**
 * Goes through the usual starts without their last step, in a folder of its own: one with an empty definition, one with a hook,
 * and one of an app in which nothing is pending.
 * @throws EntrypointError `ENTRYPOINT_BAKE_FAILED` when one of them does not come to its last step
 */
export async function rehearse(path: string, main: Main): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "entrypoint-"));
  const cwd = process.cwd();
  const { env } = process;
  // The last step: without it a rehearsal ends where the app would begin.
  Object.defineProperty(process, "execve", { value: () => 0 });
  try {
    await using server = await openRehearsalServer(VERSION);
    for (const [name, text] of Object.entries(APP)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    process.chdir(folder);
    process.env = { PATH: env["PATH"], DATABASE_URL: server.url, RAILS_ENV: "production" };
    const run = ["run", "--quiet", "--config"];
    await once(main, [path, ...run, "empty.json", "--", "true"]);
    await once(main, [join(dirname(path), "prehook"), "true", "--", "true"]);
    await once(main, [path, ...run, "entrypoint.json", "--", "true"]);
    for (const load of NOT_REHEARSED) await load();
  } finally {
    process.env = env;
    process.chdir(cwd);
    rmSync(folder, { recursive: true });
  }
}

async function once(main: Main, words: readonly string[]): Promise<void> {
  const code = await main([process.execPath, ...words]);
  if (code === 0) return;
  throw new EntrypointError("ENTRYPOINT_BAKE_FAILED", { message: `bake: a rehearsal ended with ${String(code)}` });
}
