import { BaseImageError } from "../errors.ts";
import {
  assertKind,
  assertShape,
  BOOLEAN,
  ID,
  MODE,
  oneOf,
  optional,
  STRING,
  WORDS,
  type ShapeKinds,
  type ValueKind,
} from "./value-kind.ts";

/** A folder that survives between builds on the same builder. */
export interface CacheMount {
  readonly type: "cache";
  readonly target: string;
  readonly id?: string;
  readonly sharing?: "shared" | "private" | "locked";
  readonly mode?: string;
  readonly uid?: number;
  readonly gid?: number;
}

/** A value the build sees in a file or a variable and the image never holds. */
export interface SecretMount {
  readonly type: "secret";
  readonly id: string;
  readonly target?: string;
  readonly env?: string;
  readonly required: boolean;
  readonly mode?: string;
  readonly uid?: number;
  readonly gid?: number;
}

/** Files of the context, a stage or an image, seen while the command runs. `From` is what a builder puts there. */
export interface BindMount<From = string> {
  readonly type: "bind";
  readonly target: string;
  readonly source?: string;
  readonly from?: From;
  readonly writable?: boolean;
}

/** A folder in memory whose content is gone when the command ends. */
export interface TmpfsMount {
  readonly type: "tmpfs";
  readonly target: string;
}

/** The SSH agent of the one who builds. */
export interface SshMount {
  readonly type: "ssh";
  readonly id?: string;
  readonly required: boolean;
}

/** Everything `RUN --mount` takes. */
export type Mount<From = string> = CacheMount | SecretMount | BindMount<From> | TmpfsMount | SshMount;

const OWNER: ShapeKinds = { mode: optional(MODE), uid: optional(ID), gid: optional(ID) };
const CACHE: ShapeKinds = { id: optional(WORDS), sharing: optional(oneOf("shared", "private", "locked")), ...OWNER };
const SECRET: ShapeKinds = { target: optional(WORDS), env: optional(WORDS), required: optional(BOOLEAN), ...OWNER };
const SSH: ShapeKinds = { id: optional(WORDS), required: optional(BOOLEAN) };

/** The kinds of the fields of every mount but `type`; who knows what a bind mount may come from adds that. */
const MOUNTS: Readonly<Record<Mount["type"], ShapeKinds>> = {
  cache: { target: WORDS, ...CACHE },
  secret: { id: WORDS, ...SECRET, required: BOOLEAN },
  bind: { target: WORDS, source: optional(WORDS), writable: optional(BOOLEAN) },
  tmpfs: { target: WORDS },
  ssh: { ...SSH, required: BOOLEAN },
};
const TYPE = oneOf(...Object.keys(MOUNTS));

/** Refuses what is not a mount; `from` is the kind of what a bind mount may come from. */
export function assertMount(mount: unknown, from: ValueKind, place: string): void {
  const isObject = typeof mount === "object" && mount !== null;
  assertKind({ expected: "a mount, as cache() or secret() makes", holds: () => isObject }, mount, place, "a mount");
  const { type } = { type: undefined, ...(isObject ? mount : {}) };
  assertKind(TYPE, type, `${place}: a mount`, "type");
  const kinds = new Map(Object.entries(MOUNTS)).get(String(type)) ?? {};
  const source: ShapeKinds = type === "bind" ? { from: optional(from) } : {};
  assertShape(mount, { type: TYPE, ...kinds, ...source }, `${place}: a ${String(type)} mount`);
}

/** A cache folder; `sharing: "locked"` for tools that take no locks of their own, such as apt. */
export function cache(target: string, options: Omit<CacheMount, "type" | "target"> = {}): CacheMount {
  assertKind(STRING, target, "cache()", "target");
  assertShape(options, CACHE, "cache()", "the options");
  return { type: "cache", target, ...options };
}

/** A secret, required unless said otherwise; with `env` it is a variable, else the file `target` (/run/secrets/ID). */
export function secret(id: string, options: Partial<Omit<SecretMount, "type" | "id">> = {}): SecretMount {
  assertKind(STRING, id, "secret()", "id");
  assertShape(options, SECRET, "secret()", "the options");
  return { type: "secret", id, required: true, ...options };
}

/** A folder in memory. */
export function tmpfs(target: string): TmpfsMount {
  assertKind(STRING, target, "tmpfs()", "target");
  return { type: "tmpfs", target };
}

/** The SSH agent, required unless said otherwise. */
export function ssh(options: Partial<Omit<SshMount, "type">> = {}): SshMount {
  assertShape(options, SSH, "ssh()", "the options");
  return { type: "ssh", required: true, ...options };
}

/** The `--mount=` flag. */
export function renderMount(mount: Mount): string {
  const fields = Object.entries(fieldsOf(mount)).filter(([, value]) => value !== undefined && value !== false);
  return `--mount=${[`type=${mount.type}`, ...fields.map(([key, value]) => field(mount, key, value))].join(",")}`;
}

/** Fields in the order people write them; BuildKit calls a bind mount that may be written to `rw`. */
function fieldsOf(mount: Mount): Readonly<Record<string, string | number | boolean | undefined>> {
  if (mount.type === "bind") {
    const { target, source, from, writable } = mount;
    return { target, source, from, rw: writable };
  }
  const { type: _, ...fields } = mount;
  return fields;
}

/** Values go through three readers (flag words, CSV, variables); what all three leave alone is enough for real paths. */
const SAFE = /^[A-Za-z0-9_./:@+-]+$/;

function field(mount: Mount, key: string, value: string | number | boolean | undefined): string {
  if (value === true) return key;
  const text = String(value);
  if (SAFE.test(text) && !(key === "target" && text === "/")) return `${key}=${text}`;
  throw new BaseImageError(
    "BASE_IMAGE_INVALID_VALUE",
    `the ${key} of a ${mount.type} mount is ${JSON.stringify(text)}; expected letters, digits and any of _ . / : @ + -, and not the root`,
  );
}
