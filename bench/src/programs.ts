import { execFile } from "node:child_process";
import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";

const execute = promisify(execFile);

/** A program of the machine that a benchmark starts. */
export interface Peer {
  readonly program: string;
  /** The Debian package that has it. */
  readonly debian: string;
  /** Words that make it say its version; left out where figures do not depend on that. */
  readonly version?: readonly string[];
}

export type Peers<Name extends string> = Readonly<Record<Name, Peer>>;

/** The path of each peer that is there: Debian's own before another of that name on the PATH, so that figures are of known versions. */
export type Programs<Name extends string> = ReadonlyMap<Name, string>;

/** Looks all peers up. */
export async function findPrograms<Name extends string>(peers: Peers<Name>): Promise<Programs<Name>> {
  const folders = ["/usr/bin", ...(process.env["PATH"] ?? "").split(delimiter)];
  const found = new Map<Name, string>();
  for (const name of namesOf(peers)) {
    const paths = await Promise.all(folders.map((folder) => executable(join(folder, peers[name].program))));
    const path = paths.find((one) => one !== undefined);
    if (path !== undefined) found.set(name, path);
  }
  return found;
}

/** What is missing and the command that installs it; undefined where nothing is. */
export function missingWords<Name extends string>(peers: Peers<Name>, programs: Programs<Name>): string | undefined {
  const missing = namesOf(peers).filter((name) => !programs.has(name));
  if (missing.length === 0) return undefined;
  const packages = missing.map((name) => peers[name].debian).join(" ");
  return `${missing.join(", ")} not found (apt-get install --yes ${packages})`;
}

/** What each program says of its version, where it says one. */
export async function programVersions<Name extends string>(
  peers: Peers<Name>,
  programs: Programs<Name>,
): Promise<Readonly<Record<string, string>>> {
  const versions = await Promise.all(
    [...programs].map(async ([name, path]) => {
      const words = peers[name].version;
      if (words === undefined) return [];
      const { stdout, stderr } = await execute(path, [...words]);
      const version = versionIn(stdout + stderr);
      return version === undefined ? [] : [[name, version] as const];
    }),
  );
  return Object.fromEntries(versions.flat());
}

/** The first thing in a text that looks like a version. */
export function versionIn(text: string): string | undefined {
  return /\d+\.\d+[\w.+~-]*/.exec(text)?.[0];
}

function namesOf<Name extends string>(peers: Peers<Name>): readonly Name[] {
  return Object.keys(peers) as Name[];
}

async function executable(path: string): Promise<string | undefined> {
  return access(path, constants.X_OK).then(
    () => path,
    () => undefined,
  );
}
