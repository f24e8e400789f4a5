import { schemeOf } from "../../election/postgres/address.ts";
import { readLayout, type AppDatabase, type LayoutSource } from "./app/rails-layout.ts";
import { appliedVersions, ASKED_SCHEMES, type Applied } from "./applied.ts";
import { duplicateOf, migrationsIn, type MigrationFiles } from "./migration-files.ts";

/** What the databases and the image's migrations are to each other. */
export type Schema =
  /** Only Rails can tell. `reason` is `undefined` when there is nothing of Rails to be told of. */
  | { readonly state: "unclear"; readonly reason: string | undefined }
  | Pending
  /** `newer`: what the databases have beyond the image. With several databases their names stand with the versions. */
  | { readonly state: "current"; readonly count: number; readonly newer: readonly string[] };

interface Pending {
  readonly state: "pending";
  /** What is not applied; with several databases their names stand with the versions. */
  readonly versions: readonly string[];
  /** Names of databases that are not there or in which Rails has made nothing yet. */
  readonly empty: readonly string[];
  /** Addresses of all of the app's databases. */
  readonly databases: readonly string[];
}

/** What is compared. */
export interface SchemaQuestion extends Omit<LayoutSource, "railsEnv"> {
  /** The command of the task: only of Rails' own migrations something is known. */
  readonly run: readonly string[];
}

const RAILS_TASKS: ReadonlySet<string> = new Set(["db:migrate", "db:prepare"]);

/**
 * Compares the files of migrations with the versions in the app's databases, without Ruby.
 * @throws ElectionLost when a database cannot be reached; EntrypointError when it refuses
 */
export async function compareSchema(question: SchemaQuestion, signal: AbortSignal): Promise<Schema> {
  const { run, env } = question;
  if (!run.some((word) => RAILS_TASKS.has(word))) return unclear(undefined);
  const set = run.find((word) => /^[A-Z_]+=/.test(word) && !word.startsWith("RAILS_ENV="));
  if (set !== undefined) return unclear(`the command sets ${set.replace(/=.*$/s, "")}`);
  const layout = await readLayout({ ...question, railsEnv: railsEnvOf(run, env) });
  if ("unclear" in layout) return unclear(layout.unclear);
  const found = layout.databases.map((database) => ({ database, files: filesOf(database) }));
  const wrong = found.find(({ files }) => "unclear" in files)?.files;
  if (wrong !== undefined && "unclear" in wrong) return unclear(wrong.unclear);
  const other = layout.databases.find(({ url }) => !ASKED_SCHEMES.includes(schemeOf(url)));
  if (other !== undefined) return unclear(`a database of ${schemeOf(other.url)} is not asked for its versions`);
  const compared = found.map(async ({ database: { name, url }, files }) => ({
    name: found.length === 1 ? undefined : name,
    url,
    files: "versions" in files ? files.versions : [],
    applied: await appliedVersions(url, signal),
  }));
  return conclude(await Promise.all(compared));
}

function unclear(reason: string | undefined): Schema {
  return { state: "unclear", reason };
}

/** Words such as `RAILS_ENV=production` are set by Rails itself. */
function railsEnvOf(run: readonly string[], env: Readonly<NodeJS.ProcessEnv>): string {
  const word = run.find((one) => one.startsWith("RAILS_ENV="))?.slice("RAILS_ENV=".length);
  return [word, env["RAILS_ENV"], env["RACK_ENV"]].find((value) => (value ?? "") !== "") ?? "development";
}

function filesOf({ folders }: AppDatabase): MigrationFiles {
  const versions: string[] = [];
  for (const { path, optional } of folders) {
    const found = migrationsIn(path) ?? (optional ? { versions: [] } : { unclear: `there is no folder ${path}` });
    if ("unclear" in found) return found;
    versions.push(...found.versions);
  }
  const twice = duplicateOf(versions);
  return twice === undefined ? { versions } : { unclear: `several migrations have the version ${twice}` };
}

interface Compared {
  /** `undefined`: there is only this one. */
  readonly name: string | undefined;
  readonly url: string;
  readonly files: readonly string[];
  readonly applied: Applied;
}

/** What follows from all databases together. Pure. */
function conclude(databases: readonly Compared[]): Schema {
  const versions = databases.flatMap(({ name, files, applied = [] }) => {
    const known = new Set(applied);
    return named(files.filter((version) => !known.has(version)).toSorted(byNumber), name);
  });
  // A database without the table may need more than migrations: it may not even be there.
  const empty = databases.filter(({ applied }) => applied === undefined).map(({ name = "" }) => name);
  if (versions.length > 0 || empty.length > 0) {
    return { state: "pending", versions, empty, databases: databases.map(({ url }) => url) };
  }
  const count = databases.reduce((sum, { files }) => sum + files.length, 0);
  return { state: "current", count, newer: databases.flatMap((database) => newerThanFiles(database)) };
}

/** A database whose schema was loaded, without any file of a migration, says nothing of its age. */
function newerThanFiles({ name, files, applied = [] }: Compared): readonly string[] {
  const newest = files.toSorted(byNumber).at(-1);
  if (newest === undefined) return [];
  return named(applied.filter((version) => byNumber(version, newest) > 0).toSorted(byNumber), name);
}

function named(versions: readonly string[], name: string | undefined): readonly string[] {
  return name === undefined ? versions : versions.map((version) => `${version} (${name})`);
}

/** Versions are numbers of up to twenty digits. */
function byNumber(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : Number(a > b));
}
