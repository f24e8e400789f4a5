import { posix } from "node:path";

/** Where a stylesheet or a script ends its comments on itself; a link to a source map is on the last line. */
const SCRIPT_END = 2048;

/** Larger stylesheets are looked at only at their end. */
const LARGEST_STYLESHEET = 4 * 1024 * 1024;

/** How many of a file's last bytes say which files it needs; 0 for one that names none. */
export function referringBytes(key: string): number {
  const ending = posix.extname(key);
  if (ending === ".css") return LARGEST_STYLESHEET;
  return ending === ".js" || ending === ".mjs" ? SCRIPT_END : 0;
}

/**
 * Keys of the files that a stylesheet or script asks for: `url(…)` and `@import` of the former, the source map of both.
 * What lies on another host, or above the public folder, is nobody's key. Pure.
 */
export function referredKeys(key: string, text: string): readonly string[] {
  const found = new Set<string>();
  const map = text.includes("sourceMappingURL=") ? lastMap(text) : undefined;
  const references = key.endsWith(".css") ? [...stylesheetReferences(text), map] : [map];
  for (const reference of references) {
    const referred = reference === undefined ? undefined : resolve(key, reference);
    if (referred !== undefined) found.add(referred);
  }
  return [...found];
}

function lastMap(text: string): string | undefined {
  return [...text.matchAll(/(?:\/\/|\/\*)[#@]\s*sourceMappingURL=([^\s*"'`]+)/g)].at(-1)?.[1];
}

function stylesheetReferences(text: string): readonly (string | undefined)[] {
  const code = text.replaceAll(/\/\*[^]*?\*\//g, "");
  const urls = code.matchAll(/\burl\(\s*(?:"([^"\n]*)"|'([^'\n]*)'|([^\s"'()]+))\s*\)/g);
  const imports = code.matchAll(/@import\s+(?:"([^"\n]*)"|'([^'\n]*)')/g);
  return [...urls, ...imports].map(([, quoted, single, bare]) => quoted ?? single ?? bare);
}

function resolve(key: string, reference: string): string | undefined {
  const here = `http://here/${key.split("/").map(encodeURIComponent).join("/")}`;
  if (reference === "" || reference.startsWith("#") || !URL.canParse(reference, here)) return undefined;
  const { protocol, host, pathname } = new URL(reference, here);
  if (protocol !== "http:" || host !== "here") return undefined;
  try {
    return decodeURIComponent(pathname.slice(1));
  } catch {
    return undefined;
  }
}
