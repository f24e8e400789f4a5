interface FingerprintForm {
  readonly tool: string;
  /** Where in the tree the tool writes; everywhere when left out. */
  readonly within?: RegExp;
  readonly form: RegExp;
  /** Looks at the captured candidate where the form alone would also fit ordinary words. */
  readonly accepts?: (candidate: string) => boolean;
}

/**
 * How build tools write a content hash into a name, most certain first. A false "fingerprinted" is served stale for a
 * year, a false "plain" is only asked for again, so what is doubtful counts as plain. Of random hashes these are
 * recognised: 8 hex digits 97.7 %, 16 and 20 hex digits 99.9 %, longer ones all; esbuild's 70 %; Vite's in its own folder
 * all, elsewhere 80 %.
 */
const FORMS: readonly FingerprintForm[] = [
  // https://github.com/rails/sprockets: the digest is MD5, SHA-1 or SHA-2 in hex.
  { tool: "Sprockets", form: /-([0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{56}|[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128})\./ },
  // https://github.com/rails/propshaft: 8 hex digits of SHA-1, or a name another tool has fingerprinted already.
  { tool: "Propshaft", form: /-([0-9a-zA-Z_-]{7,128})\.digested\./ },
  { tool: "Propshaft", form: /-([0-9a-f]{8})\./, accepts: isMixed },
  // https://webpack.js.org/configuration/output/#template-strings: 16, 20 or 32 hex digits after a dash or a dot.
  { tool: "webpack", form: /[-.]([0-9a-f]{16}|[0-9a-f]{20})\./, accepts: isMixed },
  { tool: "webpack", form: /[-.]([0-9a-f]{32})\./ },
  { tool: "webpack", form: /\.([0-9a-f]{8})\./, accepts: isMixed },
  // https://esbuild.github.io/api/#entry-names: 8 characters of upper-case base 32.
  { tool: "esbuild", form: /-([A-Z2-7]{8})\./, accepts: (candidate) => parts(candidate) >= 3 },
  // https://rolldown.rs, https://rollupjs.org: 8 characters of base64url; in Vite's own folder every name has one.
  { tool: "Vite", within: /^vite[^/]*\/assets\//, form: /[-.]([0-9A-Za-z_-]{8})\.[^.]+(?:\.map)?$/ },
  { tool: "Vite", form: /[-.]([0-9A-Za-z_-]{8})\.[^.]+(?:\.map)?$/, accepts: looksRandom },
];

/** Whether the name of this key (a path with slashes) carries a hash of its content. */
export function isFingerprinted(key: string): boolean {
  const name = key.slice(key.lastIndexOf("/") + 1);
  return FORMS.some(({ within, form, accepts }) => {
    if (within !== undefined && !within.test(key)) return false;
    const candidate = form.exec(name)?.[1];
    return candidate !== undefined && (accepts === undefined || accepts(candidate));
  });
}

/** Digits alone are a date or a number, letters alone a word (`fabaceae`). */
function isMixed(hex: string): boolean {
  return /\d/.test(hex) && /[a-f]/.test(hex);
}

/** Base64url that no one would write as words and numbers, as in `IMG_1234`, `iOSLight` and `Win10Pro`. */
function looksRandom(candidate: string): boolean {
  return /[A-Z]/.test(candidate) && /[a-z]/.test(candidate) && parts(candidate) >= 4;
}

/** Words (`Win`, `pro`, `USA`) and numbers that a text is made of. */
function parts(candidate: string): number {
  return candidate.match(/[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+/g)?.length ?? 0;
}
