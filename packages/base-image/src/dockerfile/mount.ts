import type { Text } from "./text.ts";

/**
 * A folder that survives between builds on the same builder. What expands in a mount is a {@link Text}; `From` is a name,
 * or what a builder puts there.
 */
export interface CacheMount<From = string> {
  readonly type: "cache";
  readonly target: Text;
  readonly id?: Text;
  readonly sharing?: Text;
  readonly from?: From;
  readonly source?: Text;
  readonly readonly?: boolean;
  readonly mode?: Text;
  readonly uid?: Text | number;
  readonly gid?: Text | number;
}

/** A value the build sees in a file or a variable and the image never holds. */
export interface SecretMount {
  readonly type: "secret";
  readonly id?: Text;
  readonly source?: Text;
  readonly target?: Text;
  readonly env?: Text;
  readonly required?: boolean;
  readonly mode?: Text;
  readonly uid?: Text | number;
  readonly gid?: Text | number;
}

/** Files of the context, a stage or an image, seen while the command runs. */
export interface BindMount<From = string> {
  readonly type: "bind";
  readonly target: Text;
  readonly source?: Text;
  readonly from?: From;
  readonly writable?: boolean;
}

/** A folder in memory whose content is gone when the command ends; `size` as in `64m`. */
export interface TmpfsMount {
  readonly type: "tmpfs";
  readonly target: Text;
  readonly size?: Text | number;
}

/** The SSH agent of the one who builds. */
export interface SshMount {
  readonly type: "ssh";
  readonly id?: Text;
  readonly target?: Text;
  readonly required?: boolean;
  readonly mode?: Text;
  readonly uid?: Text | number;
  readonly gid?: Text | number;
}

/** A mount of which only the build knows what it is, as its type or one of its switches is a variable; never built. */
export interface VariableMount {
  readonly type: "variable";
  /** Keys in small letters, in the order of the file; `type` is one of them. */
  readonly fields: readonly MountField[];
}

/** Everything `RUN --mount` takes. */
export type Mount<From = string> =
  | CacheMount<From>
  | SecretMount
  | BindMount<From>
  | TmpfsMount
  | SshMount
  | VariableMount;

/** The texts of a mount in which BuildKit expands variables. */
export function mountTexts(mount: Mount): readonly Text[] {
  const texts: Text[] = [];
  for (const { value } of mountFields(mount)) {
    if (value !== undefined && typeof value !== "number") texts.push(value);
  }
  return texts;
}

/** A field of a mount as it is written; a key alone has no value. */
export interface MountField {
  readonly key: string;
  readonly value?: Text | number;
}

/** The fields of a mount in the order people write them, without those that say the default. */
export function mountFields(mount: Mount): readonly MountField[] {
  if (mount.type === "variable") return mount.fields;
  const given: Readonly<Record<string, Text | number | boolean | undefined>> = { ...mount };
  const fields: MountField[] = [];
  for (const key of mount.type === "cache" ? CACHE_ORDER : ORDER) {
    const value = given[key];
    if (value === undefined || value === false) continue;
    const name = key === "writable" ? "rw" : key;
    fields.push(value === true ? { key: name } : { key: name, value });
  }
  return fields;
}

/** `rw` is what BuildKit calls a bind mount that may be written to. */
const FIELDS = ["source", "from", "sharing", "env", "size", "mode", "uid", "gid", "readonly", "writable"];
const ORDER = ["type", "id", "required", "target", ...FIELDS];
const CACHE_ORDER = ["type", "target", "id", ...FIELDS];
