import { execa } from "execa";

import { BaseImageError } from "../errors.ts";

/** Where a definition comes from, as far as git knows. */
export interface SourceRevision {
  /** The commit; `-dirty` follows it where files differ from it. */
  readonly revision?: string;
  /** The address of the repository, without credentials. */
  readonly source?: string;
  /** Seconds since 1970: of SOURCE_DATE_EPOCH, else of the commit, else 0. */
  readonly epoch: number;
}

/**
 * Asks git about a folder; one outside a repository has no revision.
 * @throws BaseImageError BASE_IMAGE_INVALID_VALUE for a SOURCE_DATE_EPOCH that is no time.
 */
export async function readSource(
  folder: string,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<SourceRevision> {
  const given = givenEpoch(environment["SOURCE_DATE_EPOCH"] ?? "");
  const [commit, time, remote, changes] = await Promise.all([
    git(folder, "rev-parse", "HEAD"),
    git(folder, "log", "-1", "--format=%ct"),
    git(folder, "remote", "get-url", "origin"),
    git(folder, "status", "--porcelain", "--untracked-files=no"),
  ]);
  const source = remote === undefined ? undefined : sourceAddress(remote);
  return {
    epoch: given ?? Number(time ?? 0),
    ...(commit === undefined ? {} : { revision: (changes ?? "") === "" ? commit : `${commit}-dirty` }),
    ...(source === undefined ? {} : { source }),
  };
}

/** The last second that RFC 3339 can write, as images and lists of their parts do. */
const LAST_SECOND = 253_402_300_799;

function givenEpoch(text: string): number | undefined {
  if (text === "") return undefined;
  if (/^\d+$/.test(text) && Number(text) <= LAST_SECOND) return Number(text);
  const message = `SOURCE_DATE_EPOCH is ${JSON.stringify(text)}; expected seconds since 1970, ${LAST_SECOND} at most`;
  throw new BaseImageError("BASE_IMAGE_INVALID_VALUE", message, { hint: "Correct it, or leave it empty." });
}

/** How git reaches a repository over a network, and how a browser would. The port of ssh is nobody else's. */
const SCHEMES: Readonly<Record<string, { readonly scheme: string; readonly keepsPort: boolean }>> = {
  https: { scheme: "https", keepsPort: true },
  http: { scheme: "http", keepsPort: true },
  ssh: { scheme: "https", keepsPort: false },
  "git+ssh": { scheme: "https", keepsPort: false },
  "ssh+git": { scheme: "https", keepsPort: false },
  git: { scheme: "https", keepsPort: false },
};

/**
 * `git@host:a/b.git` and `https://user:secret@host/a/b.git` as `https://host/a/b`. Nothing for a path of this machine, and
 * where an @ beyond the host's could be the end of a secret.
 */
export function sourceAddress(remote: string): string | undefined {
  const [, short = "", shortPath = ""] = /^(?:[\w.-]+@)?([\w.-]{2,}):(?!\/\/)(.+)$/.exec(remote) ?? [];
  const url = short === "" ? remote : `ssh://${short}/${shortPath.replace(/^\/+/, "")}`;
  const [, scheme = "", authority = "", path = ""] = /^([\w+]+):\/\/([^/?#]+)([^?#]*)/.exec(url) ?? [];
  const reached = SCHEMES[scheme];
  if (reached === undefined || path.includes("@")) return undefined;
  const host = authority.slice(authority.lastIndexOf("@") + 1);
  const place = reached.keepsPort ? host : host.replace(/:\d*$/, "");
  return `${reached.scheme}://${place}${path.replace(/(?:\.git)?\/?$/, "")}`;
}

async function git(folder: string, ...args: readonly string[]): Promise<string | undefined> {
  const { failed, stdout } = await execa("git", ["-C", folder, ...args], { reject: false });
  return failed ? undefined : stdout.trim();
}
