import { execa } from "execa";

/** Where a definition comes from, as far as git knows. */
export interface SourceRevision {
  /** The commit; `-dirty` follows it where files differ from it. */
  readonly revision?: string;
  /** The address of the repository, without credentials. */
  readonly source?: string;
  /** Seconds since 1970: of SOURCE_DATE_EPOCH, else of the commit, else 0. */
  readonly epoch: number;
}

/** Asks git about a folder; one outside a repository has no revision. */
export async function readSource(
  folder: string,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<SourceRevision> {
  const [commit, time, remote, changes] = await Promise.all([
    git(folder, "rev-parse", "HEAD"),
    git(folder, "log", "-1", "--format=%ct"),
    git(folder, "remote", "get-url", "origin"),
    git(folder, "status", "--porcelain", "--untracked-files=no"),
  ]);
  const given = environment["SOURCE_DATE_EPOCH"] ?? "";
  return {
    epoch: Number(/^\d+$/.test(given) ? given : (time ?? 0)),
    ...(commit === undefined ? {} : { revision: (changes ?? "") === "" ? commit : `${commit}-dirty` }),
    ...(remote === undefined ? {} : { source: sourceAddress(remote) }),
  };
}

/** `git@host:a/b.git` and `https://user:secret@host/a/b.git` as `https://host/a/b`. */
export function sourceAddress(remote: string): string {
  const [, host, path] = /^(?:[\w.-]+@)?([\w.-]+):(?!\/\/)(.+)$/.exec(remote) ?? [];
  const address = host === undefined ? remote : `https://${host}/${path ?? ""}`;
  return address
    .replace(/^(\w+:\/\/)[^/@]*@/, "$1")
    .replace(/^ssh:/, "https:")
    .replace(/\.git\/?$/, "");
}

async function git(folder: string, ...args: readonly string[]): Promise<string | undefined> {
  const { failed, stdout } = await execa("git", ["-C", folder, ...args], { reject: false });
  return failed ? undefined : stdout.trim();
}
