import { readdirSync, readFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as wait } from "node:timers/promises";

/**
 * Applies what is pending in db/migrate, as Rails would, but without a lock of its own: run twice at once it would apply
 * a version twice. That makes the election of the entrypoint the only thing between five starts and a broken schema.
 */
const folder = new URL("db/migrate/", import.meta.url);
const database = new DatabaseSync(process.env["DATABASE_PATH"] ?? "demo.sqlite3", { timeout: 10_000 });

const applied = new Set(
  database
    .prepare("SELECT version FROM schema_migrations")
    .all()
    .map((row) => row["version"]),
);
for (const file of readdirSync(folder).toSorted()) {
  const version = file.split("_")[0] ?? file;
  if (applied.has(version)) continue;
  database.exec(readFileSync(new URL(file, folder), "utf8"));
  // long enough that every other start is waiting while this one migrates
  await wait(400);
  database.prepare("INSERT INTO schema_migrations (version) VALUES (?)").run(version);
  process.stdout.write(`migrated ${file}\n`);
}
