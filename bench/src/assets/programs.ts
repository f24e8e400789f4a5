import { execFile } from "node:child_process";
import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";

const execute = promisify(execFile);

/** A program of the machine that the benchmark starts. */
export interface Peer {
  readonly program: string;
  /** The Debian package that has it. */
  readonly debian: string;
  /** Words that make it say its version. */
  readonly version: readonly string[];
}

/** What the benchmark starts beside Node, by name. */
export const PEERS = {
  time: { program: "time", debian: "time", version: ["--version"] },
  rclone: { program: "rclone", debian: "rclone", version: ["version"] },
  aws: { program: "aws", debian: "awscli", version: ["--version"] },
  s3cmd: { program: "s3cmd", debian: "s3cmd", version: ["--version"] },
  ruby: { program: "ruby", debian: "ruby-full", version: ["--version"] },
} as const satisfies Readonly<Record<string, Peer>>;

export type PeerName = keyof typeof PEERS;

/** The path of each peer that is there: Debian's own before another of that name on the PATH, so that figures are of known versions. */
export type Programs = ReadonlyMap<PeerName, string>;

/** Looks all peers up. */
export async function findPrograms(): Promise<Programs> {
  const folders = ["/usr/bin", ...(process.env["PATH"] ?? "").split(delimiter)];
  const found = new Map<PeerName, string>();
  for (const [name, { program }] of Object.entries(PEERS) as [PeerName, Peer][]) {
    const paths = await Promise.all(folders.map((folder) => executable(join(folder, program))));
    const path = paths.find((one) => one !== undefined);
    if (path !== undefined) found.set(name, path);
  }
  return found;
}

/** What is missing and the command that installs it; undefined where nothing is. */
export function missingWords(programs: Programs): string | undefined {
  const missing = (Object.keys(PEERS) as PeerName[]).filter((name) => !programs.has(name));
  if (missing.length === 0) return undefined;
  const packages = missing.map((name) => PEERS[name].debian).join(" ");
  return `${missing.join(", ")} not found (apt-get install --yes ${packages})`;
}

/** What each program says of its version. */
export async function programVersions(programs: Programs): Promise<Readonly<Record<string, string>>> {
  const lines = await Promise.all(
    [...programs].map(async ([name, path]) => {
      const { stdout } = await execute(path, [...PEERS[name].version]);
      return [name, versionIn(stdout)] as const;
    }),
  );
  return Object.fromEntries(lines);
}

/** The first thing in a text that looks like a version; all of its first line where nothing does. */
export function versionIn(text: string): string {
  return /\d+\.\d+[\w.+~-]*/.exec(text)?.[0] ?? text.split("\n")[0] ?? "";
}

async function executable(path: string): Promise<string | undefined> {
  return access(path, constants.X_OK).then(
    () => path,
    () => undefined,
  );
}
