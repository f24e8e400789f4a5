import type { AddInstruction, CopyFields, CopyInstruction, Heredoc } from "../instruction.ts";
import type { Text } from "../text.ts";
import type { Draft, Mutable } from "./draft.ts";
import { shown } from "./fault.ts";
import { checkFlags, type Flags } from "./flags.ts";
import { readMarker } from "./heredoc-marker.ts";
import type { ParsedWord } from "./parsed.ts";
import { textOf } from "./word-part.ts";
import { readWord } from "./word-reader.ts";

/** `COPY` */
export function readCopy(draft: Draft): CopyInstruction | undefined {
  const read = readFields(draft);
  if (read === undefined) return undefined;
  const copy: Mutable<CopyInstruction> = { instruction: "COPY", ...read.fields };
  const from = read.flags.one("from");
  if (from !== undefined && !isPlain(from.value, draft))
    return draft.fault("copy-from", `variable expansion is not supported for --from; found ${shown(from.value)}`, from);
  if (from !== undefined && from.value !== "") copy.from = from.value;
  if (read.flags.switch("parents") === true) copy.parents = true;
  return copy;
}

/** `ADD` */
export function readAdd(draft: Draft): AddInstruction | undefined {
  const read = readFields(draft);
  if (read === undefined) return undefined;
  const add: Mutable<AddInstruction> = { instruction: "ADD", ...read.fields };
  const checksum = readText(draft, read.flags, "checksum");
  if (checksum === false) return undefined;
  if (checksum !== undefined) add.checksum = checksum;
  if (read.flags.switch("keep-git-dir") === true) add.keepGitDir = true;
  const unpack = read.flags.switch("unpack");
  if (unpack !== undefined) add.unpack = unpack;
  return add;
}

/** What both have; the number of arguments is checked before the flags. */
function readFields(draft: Draft): { readonly fields: CopyFields; readonly flags: Flags } | undefined {
  const target = draft.words.at(-1);
  if (target === undefined || draft.words.length < 2) {
    const message = `${draft.name} requires at least two arguments, but only one was provided. Destination could not be determined`;
    return draft.fault("arguments", message, undefined, "Write the sources and, last, the target.");
  }
  const flags = checkFlags(draft);
  if (flags === undefined) return undefined;
  if (isHeredoc(target))
    return draft.fault("heredoc-target", `${draft.name} cannot accept a heredoc as a destination`, target);
  const words = draft.words.slice(0, -1);
  const markers = words.filter(isHeredoc);
  const sources = draft.expandables(markers.length === 0 ? words : words.filter((word) => !isHeredoc(word)));
  const path = sources && draft.expandable(target);
  if (sources === undefined || path === undefined) return undefined;
  const options = readOptions(draft, flags);
  if (options === undefined) return undefined;
  if (!bodiesExpand(draft)) return undefined;
  const files = filesOf(markers, draft);
  return { fields: { sources, ...(files.length > 0 && { files }), target: path, ...options }, flags };
}

function readOptions(draft: Draft, flags: Flags): Omit<CopyFields, "sources" | "target"> | undefined {
  const options: Mutable<Omit<CopyFields, "sources" | "target">> = {};
  const chown = readText(draft, flags, "chown");
  const chmod = readText(draft, flags, "chmod");
  if (chown === false || chmod === false) return undefined;
  if (chown !== undefined) options.chown = chown;
  if (chmod !== undefined) options.chmod = chmod;
  if (typeof chmod === "string" && !isMode(chmod))
    return draft.fault("flag-value", `invalid chmod parameter: ${shown(chmod)}`, flags.one("chmod"), CHMOD);
  if (flags.switch("link") === true) options.link = true;
  const exclude = flags.all("exclude").map(({ value }) => value);
  if (exclude.length > 0) options.exclude = exclude;
  return options;
}

const CHMOD = "Write octal digits up to 7777, or symbols such as u=rwX,go=rX.";

/** A flag in which variables expand; absent where it is empty, `false` where it is wrong. */
function readText(draft: Draft, flags: Flags, name: string): Text | undefined | false {
  const flag = flags.one(name);
  if (flag === undefined) return undefined;
  const text = draft.expandableText(flag.value, flag);
  if (text === undefined) return false;
  return text === "" ? undefined : text;
}

function isMode(text: string): boolean {
  if (/^\d/.test(text)) return /^0*[0-7]{1,4}$/.test(text);
  return /^[ugoa]*(?:[+=-][rwxXstugo]*)+(?:,[ugoa]*(?:[+=-][rwxXstugo]*)+)*$/.test(text);
}

function isHeredoc({ text }: ParsedWord): boolean {
  const marker = readMarker(text);
  return marker !== undefined && !("fault" in marker);
}

/** Whether BuildKit can expand the bodies in which it will; false, and a fault, where it cannot. */
function bodiesExpand(draft: Draft): boolean {
  for (const heredoc of draft.heredocs) {
    const rules = { escape: "\\", plainQuotes: true };
    const result = heredoc.expand ? readWord(heredoc.body, rules) : { parts: [] };
    if ("parts" in result) continue;
    const { code, reason, start } = result.fault;
    draft.bodyFault(code, `failed to process the body of ${heredoc.name}: ${reason}`, heredoc, start);
    return false;
  }
  return true;
}

/** The bodies of markers: of the last heredoc of each name, empty where JSON form took the heredocs away. */
function filesOf(markers: readonly ParsedWord[], { heredocs }: Draft): readonly Heredoc[] {
  if (markers.length === 0) return [];
  const bodies = new Map(heredocs.map(({ name, body }) => [name, body]));
  return markers.flatMap(({ text }) => {
    const marker = readMarker(text);
    if (marker === undefined || "fault" in marker) return [];
    const { name, expand, stripTabs } = marker;
    return [{ name, body: bodies.get(name) ?? "", expand, ...(stripTabs && { stripTabs }) }];
  });
}

/** Whether the word lexer would leave the text as it is. */
function isPlain(text: string, { escape }: Draft): boolean {
  const result = readWord(text, { escape });
  return "parts" in result && textOf(result.parts) === text;
}
