/**
 * The tasks of a definition that names none, as a Rails app on ECS needs them, by what its environment has: wait for the
 * database and Redis, hold the assets against the receipt, prepare the database in one container of the release, and let
 * workers wait until that is done. `undefined`: without DATABASE_URL nobody can say what there is to do.
 */
export function defaultTasks(
  definition: Readonly<Record<string, unknown>>,
  env: Readonly<NodeJS.ProcessEnv>,
): readonly object[] | undefined {
  const has = (variable: string): boolean =>
    (env[variable] ?? "") !== "" || (isListed(definition, variable) && (env[`${variable}_FILE`] ?? "") !== "");
  if (!has("DATABASE_URL")) return undefined;
  const database = "${DATABASE_URL}";
  const prepare = { task: "migrate", run: ["bin/rails", "db:prepare"], election: database };
  return [
    { task: "wait-for", url: database, missing: "accept", for: ["web", "worker", "migrate", "sitemap"] },
    ...(has("REDIS_URL") ? [{ task: "wait-for", url: "${REDIS_URL}", for: ["web", "worker"] }] : []),
    ...(definition["receipt"] === undefined ? [] : [{ task: "verify-assets" }]),
    { ...prepare, for: ["web", "migrate"] },
    { ...prepare, name: "schema", mode: "wait", for: ["worker"] },
  ];
}

/** Whether a variable may be read from a file that another one names. */
function isListed({ secretFiles }: Readonly<Record<string, unknown>>, variable: string): boolean {
  return Array.isArray(secretFiles) && secretFiles.includes(variable);
}
