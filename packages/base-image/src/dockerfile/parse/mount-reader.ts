import type { Mount } from "../mount.ts";
import type { Text } from "../text.ts";
import { parseBool } from "./bool.ts";
import { shown } from "./fault.ts";

/** A field of a mount whose value is read. */
export interface TextField {
  readonly key: string;
  readonly value?: Text;
}

/** Why BuildKit refuses a mount; `near` is a word that may be a slip of one of the known ones. */
export interface MountFault {
  readonly message: string;
  readonly near?: { readonly word: string; readonly known: readonly string[] };
}

type MountType = Exclude<Mount["type"], "variable">;
const TYPES: readonly MountType[] = ["bind", "cache", "tmpfs", "secret", "ssh"];
const SHARING = ["shared", "private", "locked"];
const ALIASES: ReadonlyMap<string, string> = new Map([
  ["src", "source"],
  ["dst", "target"],
  ["destination", "target"],
  ["ro", "readonly"],
  ["rw", "readwrite"],
]);
const TEXTS = ["id", "env", "from", "source", "target"];
const KEYS = [
  ...TEXTS,
  ...ALIASES.keys(),
  "type",
  "readonly",
  "readwrite",
  "required",
  "size",
  "sharing",
  "mode",
  "uid",
  "gid",
];

/** Keys whose literal value has a form: the form, and the number it may not be above. */
const FORMS: ReadonlyMap<string, { readonly form: RegExp; readonly radix: number }> = new Map([
  ["mode", { form: /^[0-7]+$/, radix: 8 }],
  ["uid", { form: /^\d+$/, radix: 10 }],
  ["gid", { form: /^\d+$/, radix: 10 }],
]);
const SIZE = /^\d+(?:\.\d+)? ?(?:[kmgtp](?:i?b)?|b)?$/i;

/** The texts that a mount of each type may have, but for what it must have. */
const SECRET = ["id", "source", "target", "env", "mode", "uid", "gid"] as const;
const SSH = ["id", "target", "mode", "uid", "gid"] as const;
const TMPFS = ["size"] as const;
const BIND = ["source"] as const;
const CACHE = ["source", "id", "sharing", "mode", "uid", "gid"] as const;
const WRITABLE = { writable: true } as const;

/**
 * Takes the fields of a mount in the order they are written, as BuildKit does: what a key may be depends on the `type`
 * before it, a key that comes again wins.
 */
export class MountReader {
  private type: MountType = "bind";
  private readonly texts = new Map<string, Text>();
  private readonly: boolean | undefined;
  private required = false;

  take({ key: written, value }: TextField): MountFault | undefined {
    const key = ALIASES.get(written) ?? written;
    if (key === "readonly" || key === "readwrite" || key === "required") return this.takeSwitch(key, written, value);
    if (value === undefined) return valueMissing(written);
    if (TEXTS.includes(key)) {
      this.texts.set(key, value);
      return undefined;
    }
    return this.takeLiteral(key, value);
  }

  /** The mount, when all its fields are taken. */
  finish(): Mount | MountFault {
    const message = this.checkOwner() ?? this.checkSecret() ?? this.checkTarget();
    if (message !== undefined) return { message };
    const { type, readonly } = this;
    const target = this.texts.get("target") ?? "";
    const required = this.required && { required: true };
    if (type === "secret") return { type, ...this.given(SECRET), ...required };
    if (type === "ssh") return { type, ...this.given(SSH), ...required };
    if (type === "tmpfs") return { type, target, ...this.given(TMPFS) };
    const from = this.from();
    if (type === "bind") return { type, target, ...this.given(BIND), ...from, ...(readonly === false && WRITABLE) };
    return { type, target, ...this.given(CACHE), ...from, ...required, ...(readonly === true && { readonly }) };
  }

  private takeSwitch(key: string, written: string, value: Text | undefined): MountFault | undefined {
    const on = value === undefined ? true : parseBool(literal(value));
    if (key === "required" && this.type !== "secret" && this.type !== "ssh") return this.unexpected(key);
    if (on === undefined) return { message: `invalid value for ${written}: ${shown(literal(value))}` };
    if (key === "required") this.required = on;
    else this.readonly = key === "readonly" ? on : !on;
    return undefined;
  }

  private takeLiteral(key: string, value: Text): MountFault | undefined {
    switch (key) {
      case "type":
        return this.takeType(literal(value));
      case "sharing":
        return this.takeSharing(value);
      case "size":
        if (this.type !== "tmpfs") return this.unexpected(key);
        if (typeof value === "string" && !SIZE.test(value))
          return { message: `invalid value for size: ${shown(value)}` };
        break;
      default: {
        const rule = FORMS.get(key);
        if (rule === undefined) return { message: `unexpected key ${shown(key)}`, near: { word: key, known: KEYS } };
        if (typeof value === "string" && !isNumber(value, rule))
          return {
            message: `invalid value ${shown(value)} for ${key}; expected ${rule.radix === 8 ? "octal" : "decimal"} digits`,
          };
      }
    }
    this.texts.set(key, value);
    return undefined;
  }

  private takeType(value: string): MountFault | undefined {
    const type = TYPES.find((known) => known === value.toLowerCase());
    if (type === undefined)
      return { message: `unsupported mount type ${shown(value)}`, near: { word: value, known: TYPES } };
    this.type = type;
    return undefined;
  }

  private takeSharing(value: Text): MountFault | undefined {
    if (typeof value === "string" && !SHARING.includes(value.toLowerCase()))
      return { message: `unsupported sharing value ${shown(value)}`, near: { word: value, known: SHARING } };
    this.texts.set("sharing", typeof value === "string" ? value.toLowerCase() : value);
    return undefined;
  }

  private checkOwner(): string | undefined {
    if (this.type !== "bind" && this.type !== "tmpfs") return undefined;
    const key = [...FORMS.keys()].find((candidate) => this.texts.has(candidate));
    return key && `${key} not allowed for ${JSON.stringify(this.type)} type mounts`;
  }

  private checkSecret(): string | undefined {
    if (this.type !== "secret")
      return this.has("sharing") && this.type !== "cache"
        ? `invalid cache sharing set for ${this.type} mount`
        : undefined;
    if (this.has("from")) return "secret mount should not have a from";
    if (this.has("sharing")) return "secret mount should not define sharing";
    if (!this.has("source") && !this.has("target") && !this.has("id"))
      return "invalid secret mount. one of source, target required";
    return this.has("source") && this.has("id") ? "both source and id can't be set" : undefined;
  }

  private checkTarget(): string | undefined {
    if (this.type === "secret" || this.type === "ssh") return undefined;
    return this.texts.get("target") === "/" ? 'invalid mount target "/"' : undefined;
  }

  private has(key: string): boolean {
    return (this.texts.get(key) ?? "") !== "";
  }

  private given<Key extends string>(keys: readonly Key[]): Partial<Record<Key, Text>> {
    const fields: Partial<Record<Key, Text>> = {};
    for (const key of keys) {
      const value = this.texts.get(key) ?? "";
      if (value !== "") fields[key] = value;
    }
    return fields;
  }

  private from(): { readonly from: string } | undefined {
    return this.has("from") ? { from: literal(this.texts.get("from")) } : undefined;
  }

  private unexpected(key: string): MountFault {
    return { message: `unexpected key '${key}' for mount type '${this.type}'` };
  }
}

function valueMissing(key: string): MountFault {
  const message = `invalid field ${shown(key)} must be a key=value pair`;
  return KEYS.includes(key) ? { message } : { message, near: { word: key, known: KEYS } };
}

function isNumber(text: string, { form, radix }: { readonly form: RegExp; readonly radix: number }): boolean {
  return form.test(text) && Number.parseInt(text, radix) <= 0xffff_ffff;
}

/** A value that is known to hold no variable. */
function literal(value: Text | undefined): string {
  return typeof value === "string" ? value : "";
}
