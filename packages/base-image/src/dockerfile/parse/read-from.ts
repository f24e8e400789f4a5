import type { FromInstruction } from "../instruction.ts";
import type { Text } from "../text.ts";
import type { Draft } from "./draft.ts";
import { shown } from "./fault.ts";
import { checkFlags, type Flags } from "./flags.ts";
import type { ParsedWord } from "./parsed.ts";

const STAGE_NAME = /^[a-z][a-z0-9-_.]*$/;
const PLATFORM = /^[\w-]+(?:\([\w.%+-]*\))?(?:\/[\w.-]+){0,2}$/;

/** `FROM` */
export function readFrom(draft: Draft): FromInstruction | undefined {
  const [image, , alias] = draft.words;
  if (image === undefined || !hasForm(draft.words)) {
    const message = `FROM requires either one or three arguments, IMAGE [AS NAME]; found ${draft.words.length}`;
    return draft.fault("arguments", message);
  }
  const name = alias === undefined ? "" : readName(draft, alias);
  const flags = name === undefined ? undefined : checkFlags(draft);
  const base = flags && readImage(draft, image);
  const platform = flags && base !== undefined ? readPlatform(draft, flags) : undefined;
  if (base === undefined || platform === undefined) return undefined;
  return { instruction: "FROM", image: base, ...(platform !== "" && { platform }), ...(name && { name }) };
}

function hasForm(words: readonly ParsedWord[]): boolean {
  return words.length === 1 || (words.length === 3 && words[1]?.text.toLowerCase() === "as");
}

function readImage(draft: Draft, word: ParsedWord): Text | undefined {
  const image = draft.expandable(word);
  return image === "" ? draft.fault("arguments", "base name should not be blank", word) : image;
}

function readName(draft: Draft, alias: ParsedWord): string | undefined {
  const name = alias.text.toLowerCase();
  if (STAGE_NAME.test(name)) return name;
  const message = `invalid name for build stage: ${shown(alias.text)}, name can't start with a number or contain symbols`;
  return draft.fault("stage-name", message, alias);
}

/** The platform, empty where there is none. */
function readPlatform(draft: Draft, flags: Flags): Text | undefined {
  const flag = flags.one("platform");
  if (flag === undefined) return "";
  const platform = draft.expandableText(flag.value, flag);
  if (typeof platform !== "string" || platform === "" || PLATFORM.test(platform)) return platform;
  return draft.fault("flag-value", `failed to parse platform ${shown(platform)}`, flag, "Write OS/ARCH[/VARIANT].");
}
