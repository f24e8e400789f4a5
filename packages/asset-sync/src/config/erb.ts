import { AssetSyncError } from "../errors.ts";
import type { Environment } from "./environment.ts";

/** The forms of ERB that need no Ruby to be understood. */
const FORMS = `<%= ENV["NAME"] %>, <%= ENV.fetch("NAME") %>, <%= ENV.fetch("NAME", "default") %>, <%= "text" %>, <%= 12 %>, <%= true %>`;

const TAG = /<%(%|#|=|-)?(.*?)(-)?%>(\n?)/gs;
const QUOTED = String.raw`'(?:[^'\\]|\\['\\])*'|"(?:[^"\\#]|\\["\\]|#(?!\{))*"`;
const LITERAL = String.raw`${QUOTED}|-?\d+(?:\.\d+)?|true|false|nil|:\w+`;
const LOOK_UP = new RegExp(String.raw`^ENV\[\s*(${QUOTED})\s*\]$`);
const FETCH = new RegExp(
  String.raw`^ENV\.fetch(?:\(\s*(${QUOTED})\s*(?:,\s*(${LITERAL})\s*)?\)|\s+(${QUOTED})(?:\s*,\s*(${LITERAL}))?)(?:\s*\{\s*(${LITERAL})\s*\})?$`,
);
const ALONE = new RegExp(`^(${LITERAL})$`);

/** A look into the environment with a default. */
interface ErbSource {
  readonly variable: string;
  readonly fallback?: string;
}

/**
 * Fills an ERB template in: looks into the environment and literals, nothing else.
 *
 * @param place names the file in errors
 * @throws AssetSyncError ASSET_SYNC_CONFIG_INVALID with the line of what would need Ruby, or of a variable that is not set
 */
export function renderErb(template: string, environment: Environment, place: string): string {
  let rendered = "";
  let end = 0;
  for (const match of template.matchAll(TAG)) {
    const line = template.slice(0, match.index).split("\n").length;
    const text = tagText(match, environment, { place, line });
    rendered += template.slice(end, match.index) + text;
    end = match.index + match[0].length;
  }
  const rest = template.slice(end);
  const open = rest.indexOf("<%");
  if (open === -1) return rendered + rest;
  throw fault(place, template.slice(0, end + open).split("\n").length, "a tag of ERB has no end");
}

function tagText(match: readonly string[], environment: Environment, context: Context): string {
  const [tag = "", kind, code = "", trims, lineEnd = ""] = match;
  const rest = trims === undefined ? lineEnd : "";
  if (kind === "%") return `<%${code}%>${lineEnd}`;
  if (kind === "#") return rest;
  if (kind !== "=") throw fault(context.place, context.line, `${shown(tag)} runs Ruby`);
  return valueOf(code.trim(), environment, context) + rest;
}

interface Context {
  readonly place: string;
  readonly line: number;
}

function valueOf(code: string, environment: Environment, { place, line }: Context): string {
  const literal = ALONE.exec(code)?.[1];
  if (literal !== undefined) return literalText(literal);
  const name = LOOK_UP.exec(code)?.[1];
  if (name !== undefined) {
    const variable = literalText(name);
    return environment[variable] ?? "";
  }
  const source = fetchedSource(code);
  if (source === undefined) throw fault(place, line, `${shown(`<%= ${code} %>`)} needs Ruby`);
  const value = environment[source.variable] ?? source.fallback;
  if (value !== undefined) return value;
  const reason = `the environment variable ${source.variable} is not set, and it has no default`;
  throw fault(place, line, reason, "Set it, or give a default.");
}

function fetchedSource(code: string): ErbSource | undefined {
  const [, inCall, first, bare, second, block] = FETCH.exec(code) ?? [];
  const name = inCall ?? bare;
  if (name === undefined) return undefined;
  const fallback = block ?? first ?? second;
  return { variable: literalText(name), ...(fallback === undefined ? {} : { fallback: literalText(fallback) }) };
}

/** The text that Ruby's `to_s` gives for a literal. */
function literalText(literal: string): string {
  if (literal === "nil") return "";
  if (literal.startsWith(":")) return literal.slice(1);
  return /^['"]/.test(literal) ? literal.slice(1, -1).replaceAll(/\\(['"\\])/g, "$1") : literal;
}

function shown(code: string): string {
  return JSON.stringify(code.length > 80 ? `${code.slice(0, 77)}…` : code);
}

function fault(place: string, line: number, reason: string, hint?: string): AssetSyncError {
  return new AssetSyncError("ASSET_SYNC_CONFIG_INVALID", `Configuration ${place}, line ${line}: ${reason}.`, {
    hint:
      hint ??
      `Without Ruby these are understood: ${FORMS}. Put what it works out into a variable, or write asset-sync.config.ts.`,
  });
}
