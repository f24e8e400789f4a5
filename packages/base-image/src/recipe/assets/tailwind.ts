import { posix } from "node:path";

import type { AppSurvey } from "./app-survey.ts";

/** Stands for the whole application: what Tailwind reads there cannot be told from its configuration. */
const EVERYTHING = ".";

const CONFIG = /(?:^|\/)tailwind\.config\.[cm]?[jt]s$/;
const IMPORT = /@import\s+["']tailwindcss(?:\/[\w.-]+)?["']([^;]*);/;

/**
 * The files and folders whose text decides which classes Tailwind writes; `.` where its configuration does not say.
 * @see https://v3.tailwindcss.com/docs/content-configuration
 * @see https://tailwindcss.com/docs/detecting-classes-in-source-files
 */
export function tailwindContent(app: AppSurvey): readonly string[] {
  const major = tailwindMajor(app);
  if (major === undefined) return [];
  return [...new Set(major >= 4 ? fromStylesheets(app) : fromConfigs(app))];
}

function tailwindMajor({ gems, packages }: AppSurvey): number | undefined {
  const rails = gems.get("tailwindcss-rails");
  const version = gems.get("tailwindcss-ruby") ?? packages.get("tailwindcss") ?? rails;
  if (version === undefined) return undefined;
  const major = Number(/\d+/.exec(version)?.[0] ?? Number.NaN);
  // the gem of Tailwind 3 had its own numbers: 2 and 3
  return Number.isNaN(major) ? 4 : major;
}

/** Tailwind 4: `@source` and `source()` of the stylesheet; without them it reads all that git does not ignore. */
function fromStylesheets({ texts }: AppSurvey): readonly string[] {
  const sheets = [...texts].filter(([file, text]) => /\.(?:s?css|sass|less)$/.test(file) && IMPORT.test(text));
  if (sheets.length === 0) return [EVERYTHING];
  return sheets.flatMap(([file, text]) => {
    const folder = posix.dirname(file);
    const rest = IMPORT.exec(text)?.[1] ?? "";
    const base = /source\(\s*(?:["']([^"']+)["']|none)\s*\)/.exec(rest);
    const detected = base === null ? [EVERYTHING] : base[1] === undefined ? [] : [posix.join(folder, base[1])];
    const named = [...text.matchAll(/@source\s+["']([^"']+)["']/g)].map(([, glob = ""]) => posix.join(folder, glob));
    const configs = [...text.matchAll(/@config\s+["']([^"']+)["']/g)].map(([, path = ""]) => posix.join(folder, path));
    const configured = configs.flatMap((config) => fromConfig(config, texts.get(config)));
    return [...detected, ...named.flatMap(inside), ...configured];
  });
}

/** Tailwind 3: `content` of its configuration. */
function fromConfigs({ texts }: AppSurvey): readonly string[] {
  const configs = [...texts].filter(([file]) => CONFIG.test(file));
  return configs.length === 0 ? [EVERYTHING] : configs.flatMap(([file, text]) => fromConfig(file, text));
}

function fromConfig(file: string, text: string | undefined): readonly string[] {
  const value = contentValue(withoutComments(text ?? ""));
  if (value === undefined) return [EVERYTHING];
  const literals = [...value.matchAll(/["'`]([^"'`$]*)["'`]/g)].map(([, glob = ""]) => glob);
  const rest = value
    .replaceAll(/["'`][^"'`$]*["'`]/g, "")
    .replaceAll(/\b(?:files|relative)\s*:|\b(?:true|false)\b/g, "");
  if (/[^\s,[\]{}]/.test(rest)) return [EVERYTHING];
  const relative = /relative\s*:\s*true/.test(value);
  const globs = literals.filter((glob) => glob !== "" && !glob.startsWith("!"));
  return globs.flatMap((glob) =>
    inside(relative || glob.startsWith("../") ? posix.join(posix.dirname(file), glob) : posix.normalize(glob)),
  );
}

/** A string may hold what looks like a comment, and a comment a quote. */
function withoutComments(text: string): string {
  return text.replaceAll(/("[^"\n]*"|'[^'\n]*'|`[^`]*`)|\/\/[^\n]*|\/\*[^]*?\*\//g, (_, string: string = "") => string);
}

/** The text of the list or object after `content:`, to its closing bracket. */
function contentValue(text: string): string | undefined {
  const start = /\bcontent\s*:\s*(?=[[{])/.exec(text);
  if (start === null) return undefined;
  const from = start.index + start[0].length;
  let depth = 0;
  let quote = "";
  for (let at = from; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (quote !== "") quote = char === quote ? "" : quote;
    else if (/["'`]/.test(char)) quote = char;
    else if (/[[{]/.test(char)) depth += 1;
    else if (/[\]}]/.test(char)) depth -= 1;
    if (depth === 0) return text.slice(from, at + 1);
  }
  return undefined;
}

/** A glob's part before what it matches; nothing for what lies outside of the application or comes with packages. */
function inside(glob: string): readonly string[] {
  return braces(glob).flatMap((each) => {
    const parts = each.split("/").filter((part) => part !== ".");
    const wild = parts.findIndex((part) => /[*?[\](){}!]/.test(part));
    const fixed = wild === -1 ? parts : parts.slice(0, wild);
    if (fixed[0] === ".." || fixed.includes("node_modules")) return [];
    return [fixed.length === 0 ? EVERYTHING : fixed.join("/")];
  });
}

/** `app/{views,helpers}/**` as two globs. */
function braces(glob: string): readonly string[] {
  const group = /\{([^{}]*)\}/.exec(glob);
  if (group === null) return [glob];
  const before = glob.slice(0, group.index);
  const after = glob.slice(group.index + group[0].length);
  return (group[1] ?? "").split(",").flatMap((choice) => braces(`${before}${choice}${after}`));
}
