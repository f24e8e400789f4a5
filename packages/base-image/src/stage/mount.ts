import type { BindMount, CacheMount, Mount, SecretMount, SshMount, TmpfsMount } from "../dockerfile/mount.ts";
import { TEXT, WORD, type Text } from "../dockerfile/text.ts";
import {
  assertKind,
  assertShape,
  BOOLEAN,
  ID,
  matching,
  MODE,
  oneOf,
  optional,
  type ShapeKinds,
  type ValueKind,
} from "../dockerfile/value-kind.ts";
import { SOURCE } from "./check-call.ts";
import { sourceName, type Source } from "./source.ts";

/** Who owns what a mount makes; `mode` in octal, as `"0644"`. */
export interface MountOwner {
  readonly mode?: string;
  readonly uid?: number;
  readonly gid?: number;
}

/** Options of {@link cache}. */
export interface CacheOptions extends MountOwner {
  /** What builds share a folder by; the target unless said otherwise. */
  readonly id?: Text;
  readonly sharing?: "shared" | "private" | "locked";
  readonly from?: Source;
  readonly source?: Text;
  readonly readonly?: boolean;
}

/** Options of {@link secret}. */
export interface SecretOptions extends MountOwner {
  readonly target?: Text;
  readonly env?: Text;
  readonly required?: boolean;
}

/** Options of {@link bind}. */
export interface BindOptions {
  readonly source?: Text;
  readonly from?: Source;
  readonly writable?: boolean;
}

/** Options of {@link ssh}. */
export interface SshOptions extends MountOwner {
  /** What the build is given the agent by; `default` unless said otherwise. */
  readonly id?: string;
  readonly target?: Text;
  readonly required?: boolean;
}

/** A target BuildKit would accept and fail on later. */
const TARGET: ValueKind = {
  expected: `${WORD.expected}, and not the root`,
  holds: (value) => WORD.holds(value) && value !== "/",
};
/** An id that `docker build --secret` and `--ssh` can name. */
const GIVEN_ID = matching(/^[^\s,="]+$/, "a string that is not empty, without blanks, commas, quotes and equals signs");
const OWNER: ShapeKinds = { mode: optional(MODE), uid: optional(ID), gid: optional(ID) };
const CACHE: ShapeKinds = {
  id: optional(WORD),
  sharing: optional(oneOf("shared", "private", "locked")),
  from: optional(SOURCE),
  source: optional(WORD),
  readonly: optional(BOOLEAN),
  ...OWNER,
};
const SECRET: ShapeKinds = { target: optional(WORD), env: optional(WORD), required: optional(BOOLEAN), ...OWNER };
const BIND: ShapeKinds = { source: optional(WORD), from: optional(SOURCE), writable: optional(BOOLEAN) };
const SSH: ShapeKinds = { id: optional(GIVEN_ID), target: optional(TARGET), required: optional(BOOLEAN), ...OWNER };
const SIZE: ValueKind = matching(/^\d+(?:\.\d+)?(?:[bkmgtp]b?)?$/i, 'a size, as "64m"');

/** The kinds of the fields of every mount but `type`. */
const MOUNTS: Readonly<Record<Exclude<Mount["type"], "variable">, ShapeKinds>> = {
  cache: { target: TARGET, ...CACHE },
  secret: { id: GIVEN_ID, ...SECRET },
  bind: { target: TARGET, ...BIND },
  tmpfs: { target: TARGET, size: optional(SIZE) },
  ssh: SSH,
};
const TYPE = oneOf(...Object.keys(MOUNTS));

/** A cache folder; `sharing: "locked"` for tools that take no locks of their own, such as apt. */
export function cache(target: Text, options: CacheOptions = {}): CacheMount<Source> {
  assertKind(TEXT, target, "cache()", "target");
  assertShape(options, CACHE, "cache()", "the options");
  return { type: "cache", target, ...options };
}

/** A secret, required unless said otherwise, whose id the build is given; with `env` it is a variable, else the file `target` (/run/secrets/ID). */
export function secret(id: string, options: SecretOptions = {}): SecretMount {
  assertKind(GIVEN_ID, id, "secret()", "id");
  assertShape(options, SECRET, "secret()", "the options");
  return { type: "secret", id, required: true, ...options };
}

/** A folder in memory; `size` as in `64m`. */
export function tmpfs(target: Text, options: { readonly size?: string } = {}): TmpfsMount {
  assertKind(TEXT, target, "tmpfs()", "target");
  assertShape(options, { size: optional(SIZE) }, "tmpfs()", "the options");
  return { type: "tmpfs", target, ...options };
}

/** The SSH agent, required unless said otherwise. */
export function ssh(options: SshOptions = {}): SshMount {
  assertShape(options, SSH, "ssh()", "the options");
  return { type: "ssh", required: true, ...options };
}

/** Files of a stage, an image or the context, seen at `target` while a command runs. */
export function bind(target: Text, options: BindOptions = {}): BindMount<Source> {
  assertKind(TEXT, target, "bind()", "target");
  assertShape(options, BIND, "bind()", "the options");
  return { type: "bind", target, ...options };
}

/** Refuses mounts of unknown types, and values that mean nothing in one. */
export function assertMounts(mounts: readonly unknown[], place: string): void {
  for (const mount of mounts) {
    const isObject = typeof mount === "object" && mount !== null;
    assertKind({ expected: "a mount, as cache() or secret() makes", holds: () => isObject }, mount, place, "a mount");
    const { type } = { type: undefined, ...(isObject ? mount : {}) };
    assertKind(TYPE, type, `${place}: a mount`, "type");
    const kinds = new Map(Object.entries(MOUNTS)).get(String(type)) ?? {};
    assertShape(mount, { type: TYPE, ...kinds }, `${place}: a ${String(type)} mount`);
  }
}

/** The mount with the name of what it takes files from. */
export function namedMount(mount: Mount<Source>): Mount {
  if (mount.type !== "bind" && mount.type !== "cache") return { ...mount };
  const { from, ...rest } = mount;
  return from === undefined ? rest : { ...rest, from: sourceName(from) };
}

/** Where a mount takes files from, if not from the context. */
export function mountSource(mount: Mount<Source>): Source | undefined {
  return mount.type === "bind" || mount.type === "cache" ? mount.from : undefined;
}

/** One of each id that ssh mounts have. */
export function sshIds(mounts: readonly Mount[]): readonly string[] {
  const ids = mounts.flatMap((mount) => (mount.type === "ssh" ? [mount.id ?? "default"] : []));
  return [...new Set(ids.filter((id) => typeof id === "string"))];
}
