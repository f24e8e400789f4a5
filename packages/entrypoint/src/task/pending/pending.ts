import { schemeOf } from "../../election/postgres/address.ts";
import { appliedVersions, ASKED_SCHEMES } from "./applied.ts";
import { versionsIn } from "./migration-files.ts";
import { readLayout } from "./rails-layout.ts";

/** What the database and the image's migrations are to each other. */
export type Schema =
  /** Only Rails can tell. `reason` is `undefined` when there is nothing of Rails to be told of. */
  | { readonly state: "unclear"; readonly reason: string | undefined }
  | { readonly state: "pending"; readonly versions: readonly string[] }
  | { readonly state: "current"; readonly count: number; readonly newer: readonly string[] };

/** What is compared. */
export interface SchemaQuestion {
  /** The command of the task: only of Rails' own migrations something is known. */
  readonly run: readonly string[];
  /** Folders of migrations, when the definition names them. */
  readonly paths: readonly string[];
  readonly database: string | undefined;
  readonly root: string;
  readonly railsEnv: string;
}

const RAILS_TASKS: ReadonlySet<string> = new Set(["db:migrate", "db:prepare"]);

/**
 * Compares the files of migrations with the versions in the database, without Ruby.
 * @throws ElectionLost when the database cannot be reached; EntrypointError when it refuses
 */
export async function compareSchema(question: SchemaQuestion, signal: AbortSignal): Promise<Schema> {
  const { run, paths, database, root, railsEnv } = question;
  if (!run.some((word) => RAILS_TASKS.has(word))) return { state: "unclear", reason: undefined };
  if (database === undefined) return { state: "unclear", reason: "no database is named (`database`, DATABASE_URL)" };
  if (!ASKED_SCHEMES.includes(schemeOf(database))) {
    return { state: "unclear", reason: `a database of ${schemeOf(database)} is not asked for its versions` };
  }
  const layout = readLayout(root, railsEnv, paths);
  if ("unclear" in layout) return { state: "unclear", reason: layout.unclear };
  const folders = layout.paths.map((path) => ({ path, versions: versionsIn(path) }));
  const missing = folders.find(({ versions }) => versions === undefined);
  if (missing !== undefined) return { state: "unclear", reason: `there is no folder ${missing.path}` };
  const files = folders.flatMap(({ versions = [] }) => versions);
  const applied = new Set(await appliedVersions(database, signal));
  const pending = files.filter((version) => !applied.has(version));
  // A database without any version may need more than migrations: it may not even be there.
  if (pending.length > 0 || applied.size === 0) return { state: "pending", versions: pending.toSorted(byNumber) };
  const newest = files.toSorted(byNumber).at(-1) ?? "0";
  const newer = [...applied].filter((version) => byNumber(version, newest) > 0).toSorted(byNumber);
  return { state: "current", count: files.length, newer };
}

/** Versions are numbers of up to twenty digits. */
function byNumber(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : Number(a > b));
}
