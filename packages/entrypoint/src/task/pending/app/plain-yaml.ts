type Values = Readonly<Record<string, unknown>>;

interface Entry {
  readonly indent: number;
  readonly key: string;
  /** As it is written; empty when what follows further in is the value. */
  readonly value: string;
}

/** What YAML takes for a line's end, for nothing, or for an error, depending on its version and on where it stands. */
const STRANGE = /[^\n -~\u00a1-\ud7ff\ue000-\ufefe\uff00-\uffef]|[\u2028\u2029]/;
const NOTHING = /^ *(?:#.*)?$/;
const ENTRY = /^(?<blanks> *)(?<key>[A-Za-z_][\w-]*|<<):(?: +(?<value>\S.*?))? *$/;
const QUOTED = /^(?:"([^"\\]*)"|'([^']*)')$/;
const NUMBER = /^(?:0|[1-9]\d{0,14})$/;
/** Begins as no number does, and neither ends as a key does nor holds a comment. */
const WORD = /^[A-Za-z_/][\w./:@%?&=+~-]*(?<!:)$/;
const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ["true", true],
  ["false", false],
]);
/** Words that are more than themselves to one of YAML's versions, or to JavaScript. */
const SPECIAL = /^(?:y|n|yes|no|on|off|true|false|null|__proto__)$/i;
const ANCHOR = /^&(\w+)$/;
const ALIAS = /^\*(\w+)$/;

/**
 * Reads YAML of the form that Rails' own `config/database.yml` has: mappings by indentation, plain values, `&name` and
 * `<<: *name`. A whole parser takes longer to load than all else that a start reads of an app.
 * @returns `undefined` for all that is not of this form, and only a whole parser can read
 */
export function parsePlainYaml(text: string): Values | undefined {
  if (STRANGE.test(text)) return undefined;
  const entries: Entry[] = [];
  for (const line of text.split("\n")) {
    if (NOTHING.test(line)) continue;
    const { blanks = "", key, value = "" } = ENTRY.exec(line)?.groups ?? {};
    if (key === undefined || SPECIAL.test(key)) return undefined;
    entries.push({ indent: blanks.length, key, value });
  }
  const reading: Reading = { entries, at: 0, anchors: new Map() };
  const values = readMapping(reading, 0);
  return entries.length > 0 && reading.at === entries.length ? values : undefined;
}

interface Reading {
  readonly entries: readonly Entry[];
  at: number;
  readonly anchors: Map<string, Values>;
}

/** The entries of one indentation from here on; `undefined` where one of them is not plain. */
function readMapping(reading: Reading, indent: number): Values | undefined {
  const own: Record<string, unknown> = {};
  for (let entry = reading.entries[reading.at]; entry?.indent === indent; entry = reading.entries[reading.at]) {
    reading.at += 1;
    // In Ruby what is merged takes the place of the keys before it.
    if (entry.key === "<<" && Object.keys(own).length > 0) return undefined;
    const value =
      entry.key === "<<" ? reading.anchors.get(ALIAS.exec(entry.value)?.[1] ?? "") : readValue(reading, entry);
    if (value === undefined || Object.hasOwn(own, entry.key)) return undefined;
    own[entry.key] = value;
  }
  const { "<<": merged, ...others } = own;
  return { ...(merged as Values | undefined), ...others };
}

function readValue(reading: Reading, { indent, value }: Entry): unknown {
  const anchor = ANCHOR.exec(value)?.[1];
  if (value !== "" && anchor === undefined) return scalarOf(value);
  const next = reading.entries[reading.at]?.indent ?? 0;
  if (next <= indent) return anchor === undefined ? null : undefined;
  const values = readMapping(reading, next);
  if (anchor === undefined || values === undefined) return values;
  // The name counts from the value's beginning on, which only matters where it is given twice.
  if (reading.anchors.has(anchor)) return undefined;
  reading.anchors.set(anchor, values);
  return values;
}

function scalarOf(value: string): unknown {
  const quoted = QUOTED.exec(value);
  if (quoted !== null) return quoted[1] ?? quoted[2];
  if (NUMBER.test(value)) return Number(value);
  return WORD.test(value) && !SPECIAL.test(value) ? value : BOOLEANS.get(value);
}
