import { invalid } from "./config-check.ts";
import { RULE_HEADERS, type HeaderRule, type RuleHeader } from "./definition.ts";
import type { GemName, GemValues } from "./gem-options.ts";
import { translateRegexp, type Ends, type RubyRegexp } from "./ruby-regexp.ts";

const FINGERPRINTED = "public, max-age=31536000, immutable";

/** The ends of a name without its ending, which is what cache_asset_regexps are compared with. */
const NAME_ENDS: Ends = { start: "(?<=^|\\/)", end: "(?=(?:\\.[^./]*)?(?:\\.gz)?$)" };

/** What is left out, as globs and regular expressions: the gem compares a text with the last name of a path. */
export function ignoredPatterns(names: readonly GemName[] | undefined, place: string): readonly string[] | undefined {
  return names
    ?.filter((name) => !isNoName(name))
    .map((name) => (typeof name === "string" ? globOf(name) : regexpOf("ignored_files", name, place)));
}

/** Whether a text in `ignored_files` leaves nothing out, as it can be no file's name. */
export function isNoName(name: GemName): name is string {
  return typeof name === "string" && name.includes("/");
}

/** As in the gem: a whole path below the prefix first, then the first pattern that fits anywhere; fingerprints last. */
export function gemRules(
  table: GemValues["headers"],
  fingerprints: readonly GemName[],
  { prefix, place }: { readonly prefix: string; readonly place: string },
): { readonly headers?: readonly HeaderRule[] } {
  const rows = [...table].map(([path, headers]) => [path, knownHeaders(headers)] as const);
  const useful = rows.filter(([, headers]) => Object.keys(headers).length > 0);
  const exact = useful
    .filter(([path]) => /^[\w./-]+$/.test(path))
    .map(([path, headers]) => ({ match: `${prefix}/${globOf(path.replace(/^\//, ""))}`, headers }));
  const anywhere = useful.map(([source, headers]) => {
    return { match: regexpOf("custom_headers", { source, flags: "" }, place), headers };
  });
  const cached = fingerprints.map((name) => {
    const match = regexpOf("cache_asset_regexps", typeof name === "string" ? literally(name) : name, place, NAME_ENDS);
    const end = match.lastIndexOf("/");
    return {
      // Only within the last name of a path.
      match: `/(?<=^|\\/)(?=[^/]*$).*?(?:${match.slice(1, end)})[^/]*$/${match.slice(end + 1)}`,
      headers: { "cache-control": FINGERPRINTED },
    };
  });
  const all = [...exact, ...anywhere, ...cached];
  return all.length === 0 ? {} : { headers: all };
}

function knownHeaders(headers: Readonly<Record<string, string>>): Partial<Record<RuleHeader, string>> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => RULE_HEADERS.some((one) => one === name)));
}

/** A name as a glob that matches nothing else. */
function globOf(name: string): string {
  return name.replaceAll(/[\\*?[\]{}()!+@|]/g, "\\$&");
}

/** The gem joins cache_asset_regexps with Regexp.union, to which a text stands for itself. */
function literally(text: string): RubyRegexp {
  return { source: text.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&"), flags: "" };
}

function regexpOf(option: string, { source, flags }: RubyRegexp, place: string, ends?: Ends): string {
  const made = translateRegexp({ source, flags }, ends);
  if (made.kind === "translated") return `/${made.source}/${made.flags}`;
  const where = `${source.slice(0, made.at)}⟨here⟩${source.slice(made.at)}`;
  throw invalid(place, `${option}, regular expression /${where}/${flags}: ${made.reason}`);
}
