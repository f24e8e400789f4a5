import { AssetSyncError } from "../errors.ts";
import { optionFault } from "./config-check.ts";
import { ENCODINGS, type AssetSyncConfig, type Encoding, type HeaderRule } from "./definition.ts";
import { booleanVariable, variable, VARIABLES, type Environment } from "./environment.ts";

/** What becomes of source maps; `prefix` is "" or ends in a slash. */
export type SourceMapRule =
  | { readonly kind: "public" }
  | { readonly kind: "drop" }
  | { readonly kind: "private"; readonly prefix: string };

/** Which files go up, and as what. */
export interface ContentOptions {
  /** Globs of keys that are left out. */
  readonly ignore: readonly string[];
  /** The first row that matches counts. */
  readonly headers: readonly HeaderRule[];
  readonly compress: readonly Encoding[];
  readonly sourceMaps: SourceMapRule;
  /** Findings are errors. */
  readonly strict: boolean;
  readonly maxRequests?: number;
}

/** What a command line can say about it. */
export interface ContentFlags {
  readonly ignore?: readonly string[];
  /** Each `GLOB: Name=value`. */
  readonly header?: readonly string[];
  /** `br`, `gzip` or both with a comma. */
  readonly compress?: string;
  readonly sourceMaps?: string;
  readonly strict?: boolean;
  readonly maxRequests?: string;
}

/**
 * Completes flags from variables, then from the configuration file. Header rules and globs of all of them count, those
 * of flags first.
 *
 * @throws AssetSyncError ASSET_SYNC_OPTION_INVALID
 */
export function contentOptions(flags: ContentFlags, environment: Environment, file: AssetSyncConfig): ContentOptions {
  const said = (flag: string | undefined, name: "compress" | "sourceMaps" | "maxRequests"): Said | undefined => {
    if (flag !== undefined) return { text: flag, place: `--${FLAGS[name]}` };
    const value = variable(environment, VARIABLES[name]);
    return value === undefined ? undefined : { text: value, place: VARIABLES[name] };
  };
  const compress = said(flags.compress, "compress");
  const maps = said(flags.sourceMaps, "sourceMaps");
  const most = said(flags.maxRequests, "maxRequests");
  const maxRequests = most === undefined ? file.maxRequests : requests(most);
  const { ignore = [], header = [] } = flags;
  return {
    ignore: [...ignore, ...(file.ignore ?? [])],
    headers: [...headerRules(header), ...(file.headers ?? [])],
    compress: compress === undefined ? (file.compress ?? []) : encodings(compress),
    sourceMaps: sourceMapRule(maps === undefined ? (file.sourceMaps ?? "public") : checkedMaps(maps)),
    strict: flags.strict ?? booleanVariable(environment, VARIABLES.strict) ?? file.strict === true,
    ...(maxRequests === undefined ? {} : { maxRequests }),
  };
}

const FLAGS = { compress: "compress", sourceMaps: "source-maps", maxRequests: "max-requests" } as const;

interface Said {
  readonly text: string;
  readonly place: string;
}

function requests({ text, place }: Said): number {
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  check("maxRequests", number, { text, place });
  return number;
}

function encodings({ text, place }: Said): readonly Encoding[] {
  const names = text.split(",").map((name) => name.trim());
  check("compress", names, { text, place });
  return ENCODINGS.filter((encoding) => names.includes(encoding));
}

function checkedMaps(said: Said): string {
  check("sourceMaps", said.text, said);
  return said.text;
}

function sourceMapRule(text: string): SourceMapRule {
  if (text === "public" || text === "drop") return { kind: text };
  return { kind: "private", prefix: `${text.slice("private:".length)}/` };
}

function headerRules(texts: readonly string[]): readonly HeaderRule[] {
  const rules = new Map<string, Record<string, string>>();
  for (const text of texts) {
    const [, match = "", name = "", value = ""] = /^(.+?):\s+([\w-]+)=(.*)$/s.exec(text) ?? [];
    const headers = { ...rules.get(match), [name.toLowerCase()]: value };
    const said = { text, place: "--header" };
    if (match === "") throw invalidOption(said, "expected GLOB: Name=value");
    check("headers", [{ match, headers }], said);
    rules.set(match, headers);
  }
  return [...rules].map(([match, headers]) => ({ match, headers }));
}

function check(name: keyof AssetSyncConfig, value: unknown, said: Said): void {
  const fault = optionFault(name, value);
  if (fault !== undefined) throw invalidOption(said, fault.replace(/^row 1: /, ""));
}

function invalidOption({ text, place }: Said, fault: string): AssetSyncError {
  return new AssetSyncError("ASSET_SYNC_OPTION_INVALID", `${place} ${JSON.stringify(text)}: ${fault}.`);
}
