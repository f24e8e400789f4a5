import { invalid } from "./config-check.ts";
import { IGNORED, MAPPED, type GemName, type GemValues, type MappedOption } from "./gem-options.ts";
import { isMembers, type Members } from "./members.ts";
import { nearestSpelling } from "./spelling.ts";

const NAMES = Object.entries<MappedOption>(MAPPED);

/** Every key that may stand in the file, with the option it is one of. */
const KEYS: ReadonlyMap<string, string> = new Map([
  ...NAMES.flatMap(([name, { also = [] }]) => [name, ...also].map((key) => [key, name] as const)),
  ...Object.keys(IGNORED).map((key) => [key, key] as const),
]);

/**
 * Reads the values of one environment. Empty ones count as not given, as an unset variable of ERB leaves them.
 *
 * @param place names the file and environment in errors
 * @throws AssetSyncError ASSET_SYNC_CONFIG_INVALID
 */
export function gemValues(members: Members, place: string): GemValues {
  const strange = Object.keys(members).find((key) => !KEYS.has(key));
  if (strange !== undefined) throw invalid(place, unknownKey(strange));
  const given = Object.entries(members).filter(([, value]) => value !== null && value !== undefined && value !== "");
  const texts: Record<string, string> = {};
  const flags: Record<string, boolean> = {};
  const names: Record<string, readonly GemName[]> = {};
  let headers: GemValues["headers"] = new Map();
  let isPublic: GemValues["isPublic"] = true;
  for (const [name, { kind, also = [] }] of NAMES) {
    const found = [name, ...also].flatMap((key) => given.filter(([one]) => one === key)).at(-1);
    if (found === undefined) continue;
    const [key, value] = found;
    if (kind === "flag") flags[name] = flag(key, value, place);
    else if (kind === "public") isPublic = value === "default" ? "default" : flag(key, value, place);
    else if (kind === "names") names[name] = nameList(key, value, place);
    else if (kind === "headers") headers = headerTable(key, value, place);
    else texts[name] = text(key, value, kind, place);
  }
  const ignored = given.map(([key]) => key).filter((key) => Object.hasOwn(IGNORED, key));
  return { texts, flags, names, headers, isPublic, ignored };
}

/** The same from the variables that the gem reads where there is no file; undefined where they name no bucket. */
export function gemVariables(environment: Readonly<Record<string, string | undefined>>): Members | undefined {
  if (!environment["FOG_DIRECTORY"] || !environment["FOG_PROVIDER"]) return undefined;
  return Object.fromEntries(
    NAMES.flatMap(([name, { variable }]) => (variable === undefined ? [] : [[name, environment[variable]]])),
  );
}

function unknownKey(key: string): string {
  const near = nearestSpelling(key, KEYS.keys());
  return `${JSON.stringify(key.slice(0, 80))} is no option of asset_sync${near === undefined ? "" : `; did you mean ${near}?`}`;
}

function flag(key: string, value: unknown, place: string): boolean {
  if (value === true || value === "true") return true;
  if (value === false || value === "false") return false;
  throw wrong(key, value, `true or false${kindOf(key) === "public" ? " or default" : ""}`, place);
}

function kindOf(key: string): string | undefined {
  return NAMES.find(([name]) => name === key)?.[1].kind;
}

function text(key: string, value: unknown, kind: string, place: string): string {
  // A bucket of digits is no text to YAML.
  const said = typeof value === "string" || typeof value === "number" ? String(value) : undefined;
  if (said !== undefined && (kind !== "number" || /^\d{1,5}$/.test(said))) return said;
  throw wrong(key, value, kind === "number" ? "a number" : "a text", place);
}

function nameList(key: string, value: unknown, place: string): readonly GemName[] {
  return [value].flat().map((item: unknown) => {
    if (typeof item === "string" && item !== "") return item;
    if (isMembers(item) && typeof item["source"] === "string" && typeof item["flags"] === "string") {
      return { source: item["source"], flags: item["flags"] };
    }
    throw wrong(key, item, "a list of names and of !ruby/regexp", place);
  });
}

function headerTable(key: string, value: unknown, place: string): GemValues["headers"] {
  if (!isMembers(value)) throw wrong(key, value, "a table of patterns, each with its headers", place);
  return new Map(
    Object.entries(value).map(([pattern, headers]) => {
      if (!isMembers(headers)) throw wrong(`${key}, ${pattern}`, headers, "a table of headers", place);
      const rows = Object.entries(headers).map(([name, header]) => {
        if (typeof header !== "string" && typeof header !== "number") {
          throw wrong(`${key}, ${pattern}, ${name}`, header, "a text", place);
        }
        return [name.replace(/^:/, "").toLowerCase().replaceAll("_", "-"), String(header)] as const;
      });
      return [pattern, Object.fromEntries(rows)] as const;
    }),
  );
}

function wrong(key: string, value: unknown, expected: string, place: string): Error {
  // A value may be a credential that stands at the wrong place.
  const kind = Array.isArray(value)
    ? "a list"
    : isMembers(value)
      ? "a table"
      : typeof value === "boolean"
        ? String(value)
        : `a ${typeof value}`;
  return invalid(place, `${key} is ${kind}${kind === "a string" ? " that does not fit" : ""}, expected ${expected}`);
}
