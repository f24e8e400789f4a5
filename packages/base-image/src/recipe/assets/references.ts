import { posix } from "node:path";

import type { AppSurvey } from "./app-survey.ts";

/** A way in which a file names another one of the application. */
interface ReferenceForm {
  readonly in: RegExp;
  readonly find: RegExp;
  /** The path the words found stand for, as the file at `from` means it; without an ending it may have several. */
  readonly path: (words: string, from: string) => string;
}

const RUBY = /(?:\.rb|\.rake|(?:^|\/)Rakefile|(?:^|\/)Gemfile)$/;
const SCRIPT = /\.[cm]?[jt]sx?$/;
const STYLE = /\.(?:s?css|sass|less)$/;

/** Words in quotes with commas between them, as `join` takes them. */
const joined = (words: string): string => [...words.matchAll(/["']([^"']+)["']/g)].map(([, word]) => word).join("/");
const beside = (words: string, from: string): string => posix.join(posix.dirname(from), words);

const FORMS: readonly ReferenceForm[] = [
  { in: RUBY, find: /\brequire_relative\s*\(?\s*["']([^"'#]+)["']/g, path: beside },
  { in: RUBY, find: /\brequire\s*\(?\s*["'](\.\.?\/[^"'#]+)["']/g, path: (words) => posix.normalize(words) },
  { in: RUBY, find: /\brequire\s*\(?\s*["']([\w/-]+)["']/g, path: (words) => `lib/${words}` },
  { in: RUBY, find: /\b(?:require|load|import)[\s(]+(?:Rails\.)?root\.join\(([^)]*)\)/g, path: joined },
  { in: RUBY, find: /\bconfig_for\s*\(?\s*[:"'](\w+)/g, path: (words) => `config/${words}.yml` },
  { in: RUBY, find: /\bassets\.(?:paths|precompile)\b.*?root\.join\(([^)]*)\)/g, path: joined },
  { in: RUBY, find: /\bpin_all_from\s*\(?\s*["']([^"']+)["']/g, path: (words) => posix.normalize(words) },
  { in: SCRIPT, find: /(?:\bfrom|\bimport|\brequire\s*\(|\bimport\s*\()\s*["'](\.\.?\/[^"']+)["']/g, path: beside },
  { in: STYLE, find: /@(?:import|use|forward|config|plugin|reference)\s+["'](\.\.?\/[^"']+)["']/g, path: beside },
  { in: /\.js$/, find: /^\/\/=\s*(?:link|require|depend_on)\w*\s+(\.\.?\/\S+)/gm, path: beside },
];

const ENDINGS = ["", ".rb", ".js", ".mjs", ".cjs", ".ts", ".mts", ".tsx", ".jsx", ".json", ".scss", ".css"];

/** The files and folders that these files name, those that the named ones name, and so on. */
export function referencedFrom(files: readonly string[], app: AppSurvey): readonly string[] {
  const seen = new Set(files);
  const waiting = [...files];
  const found: string[] = [];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    for (const path of namedIn(file, app)) {
      if (seen.has(path)) continue;
      seen.add(path);
      found.push(path);
      waiting.push(path, ...filesBelow(path, app));
    }
  }
  return found.toSorted();
}

/** The files below a folder. */
export function filesBelow(folder: string, { files }: AppSurvey): readonly string[] {
  return files.filter((file) => file.startsWith(`${folder}/`));
}

function namedIn(file: string, app: AppSurvey): readonly string[] {
  const text = app.texts.get(file);
  if (text === undefined) return [];
  const paths = FORMS.filter((form) => form.in.test(file)).flatMap(({ find, path }) =>
    [...text.matchAll(find)].map(([, words = ""]) => path(words, file)),
  );
  return paths.flatMap((path) => existing(path, app));
}

function existing(path: string, app: AppSurvey): readonly string[] {
  const file = ENDINGS.map((ending) => `${path}${ending}`).find((each) => app.files.includes(each));
  if (file !== undefined) return [file];
  return filesBelow(path, app).length === 0 || path === "." ? [] : [path];
}
