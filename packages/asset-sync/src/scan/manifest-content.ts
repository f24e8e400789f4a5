import { posix } from "node:path";

import { isMembers, type Members } from "../config/members.ts";

/** A file that a manifest names. */
export interface NamedFile {
  readonly key: string;
  /** What pages ask for it by; undefined where the manifest does not say. */
  readonly logical?: string;
}

/**
 * The files that a build tool's manifest names. Pure.
 *
 * @param key the manifest's own key: names in it are relative to its folder, or absolute below the public folder
 * @throws SyntaxError for what is no JSON
 */
export function namedFiles(key: string, text: string): readonly NamedFile[] {
  const content: unknown = JSON.parse(text);
  if (!isMembers(content)) return [];
  const folder = posix.dirname(key);
  // https://github.com/rails/sprockets: `assets` holds what is current, `files` also what older builds have left.
  if (isMembers(content["assets"]) && isMembers(content["files"])) return entries(content["assets"], folder);
  const chunks = Object.entries(content).filter(([, entry]) => isMembers(entry) && typeof entry["file"] === "string");
  if (chunks.length > 0) return chunks.flatMap(([name, entry]) => viteFiles(name, entry, folder));
  return [...entries(content, folder), ...entrypointFiles(content["entrypoints"], folder)];
}

/** Sprockets, Propshaft (text or `digested_path`), Shakapacker (text, or `src` where it writes integrity). */
function entries(members: Members, folder: string): readonly NamedFile[] {
  return Object.entries(members).flatMap(([logical, entry]) => {
    const path = isMembers(entry) ? (entry["digested_path"] ?? entry["src"]) : entry;
    // A web app manifest maps `name` to "Shop".
    return typeof path === "string" && posix.extname(logical) !== "" ? [{ key: place(path, folder), logical }] : [];
  });
}

/** https://github.com/shakacode/shakapacker: `entrypoints` lists what each page loads, without logical names. */
function entrypointFiles(entrypoints: unknown, folder: string): readonly NamedFile[] {
  if (!isMembers(entrypoints)) return [];
  return Object.values(entrypoints).flatMap((entrypoint) => {
    const assets = isMembers(entrypoint) ? entrypoint["assets"] : undefined;
    return isMembers(assets)
      ? Object.values(assets)
          .flatMap((list) => texts(list))
          .map((path) => ({ key: place(path, folder) }))
      : [];
  });
}

/** https://vite.dev/guide/backend-integration: paths are relative to the output folder, which holds `.vite`. */
function viteFiles(name: string, entry: unknown, folder: string): readonly NamedFile[] {
  if (!isMembers(entry)) return [];
  const output = folder.replace(/(^|\/)\.vite$/, "") || ".";
  const logical = typeof entry["name"] === "string" ? entry["name"] : name.replace(/[?#].*$/, "");
  const also = [...texts(entry["css"]), ...texts(entry["assets"])].map((path) => ({ key: place(path, output) }));
  return [...texts([entry["file"]]).map((path) => ({ key: place(path, output), logical })), ...also];
}

/** The key of a path: below the folder, or below the public one when it is absolute, be it with an asset host. */
function place(path: string, folder: string): string {
  const bare = path.replace(/[?#].*$/, "").replace(/^(?:https?:)?\/\/[^/]+/, "");
  if (!bare.startsWith("/")) return posix.join(folder, bare);
  const at = bare.indexOf(`/${folder}/`);
  return bare.slice(at === -1 ? 1 : at + 1);
}

function texts(list: unknown): readonly string[] {
  return Array.isArray(list) ? list.filter((one) => typeof one === "string") : [];
}

/**
 * Whether a named file has a content hash: its name is the logical one with something like a hash added. Where no hash
 * is seen the name itself decides, as without a manifest.
 */
export function hasAddedHash({ key, logical }: NamedFile): boolean {
  if (logical === undefined) return false;
  const asked = stem(logical).replace(/^_/, "");
  const stored = stem(key);
  if (asked === "" || !stored.startsWith(asked)) return false;
  const added = /^[-.]([0-9A-Za-z_-]{6,128})(?:\.(?:chunk|min|bundle|digested))?$/.exec(
    stored.slice(asked.length),
  )?.[1];
  return added !== undefined && /[0-9A-Z]/.test(added);
}

/** A name without folder and endings: `app.min` of `js/app.min.js.map`. */
function stem(path: string): string {
  return posix.basename(path).replace(/\.[^.]+(?:\.map)?$/, "");
}
