import { AssetSyncError } from "../errors.ts";
import { optionFault } from "./config-check.ts";
import { ENCODINGS, type AssetSyncConfig, type Encoding, type HeaderRule } from "./definition.ts";
import { booleanVariable, checkNotEmpty, variable, VARIABLES, type Environment } from "./environment.ts";

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
  const inFile = { ...DEFAULTS, ...file };
  const { ignore, header } = { ignore: [], header: [], ...flags };
  checkNotEmpty({ ignore: ignore.find((glob) => glob === "") });
  for (const text of ignore) check("ignore", [text], { text, place: "--ignore" });
  const maxRequests = requests(said("maxRequests", flags, environment)) ?? file.maxRequests;
  return {
    ignore: [...ignore, ...inFile.ignore],
    headers: [...headerRules(header), ...inFile.headers],
    compress: encodings(said("compress", flags, environment)) ?? inFile.compress,
    sourceMaps: sourceMapRule(said("sourceMaps", flags, environment), inFile.sourceMaps),
    strict: flags.strict ?? booleanVariable(environment, VARIABLES.strict) ?? inFile.strict,
    ...(maxRequests === undefined ? {} : { maxRequests }),
  };
}

const DEFAULTS = { ignore: [], headers: [], compress: [], sourceMaps: "public", strict: false } as const;

const FLAGS = { compress: "compress", sourceMaps: "source-maps", maxRequests: "max-requests" } as const;

interface Said {
  readonly text: string;
  readonly place: string;
}

function said(name: keyof typeof FLAGS, flags: ContentFlags, environment: Environment): Said | undefined {
  const flag = flags[name];
  if (flag !== undefined) return { text: flag, place: `--${FLAGS[name]}` };
  const value = variable(environment, VARIABLES[name]);
  return value === undefined ? undefined : { text: value, place: VARIABLES[name] };
}

function requests(most: Said | undefined): number | undefined {
  if (most === undefined) return undefined;
  const number = /^\d+$/.test(most.text) ? Number(most.text) : Number.NaN;
  check("maxRequests", number, most);
  return number;
}

function encodings(list: Said | undefined): readonly Encoding[] | undefined {
  if (list === undefined) return undefined;
  const names = list.text.split(",").map((name) => name.trim());
  check("compress", names, list);
  return ENCODINGS.filter((encoding) => names.includes(encoding));
}

function sourceMapRule(rule: Said | undefined, inFile: string): SourceMapRule {
  if (rule !== undefined) check("sourceMaps", rule.text, rule);
  const text = rule?.text ?? inFile;
  if (text === "public" || text === "drop") return { kind: text };
  return { kind: "private", prefix: `${text.slice("private:".length)}/` };
}

function headerRules(texts: readonly string[]): readonly HeaderRule[] {
  const rules = new Map<string, Record<string, string>>();
  for (const text of texts) {
    const [, match = "", name = "", value = ""] = /^(.+?):\s+([\w-]+)=(.*)$/s.exec(text) ?? [];
    const headers = { ...rules.get(match), [name.toLowerCase()]: value };
    const rule = { text, place: "--header" };
    if (match === "") throw invalidOption(rule, "expected GLOB: Name=value");
    check("headers", [{ match, headers }], rule);
    rules.set(match, headers);
  }
  return [...rules].map(([match, headers]) => ({ match, headers }));
}

function check(name: keyof AssetSyncConfig, value: unknown, source: Said): void {
  const fault = optionFault(name, value);
  if (fault !== undefined) throw invalidOption(source, fault.replace(/^row 1: /, ""));
}

function invalidOption({ text, place }: Said, fault: string): AssetSyncError {
  return new AssetSyncError("ASSET_SYNC_OPTION_INVALID", `${place} ${JSON.stringify(text)}: ${fault}.`);
}
