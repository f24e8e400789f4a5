const STRANGE_PARTS: ReadonlySet<string> = new Set(["", ".", ".."]);

/** Whether a text is names joined by single slashes. Buckets hold others too: consoles make `assets/` for a folder. */
export function isKey(text: string): boolean {
  return !text.split("/").some((part) => STRANGE_PARTS.has(part));
}

/**
 * Refuses what a scan never finds and a folder would take for a path elsewhere: a key is names joined by single slashes.
 * Whoever asks for another one has a bug.
 */
export function checkKey(key: string): void {
  if (!isKey(key)) throw new Error(`${JSON.stringify(key)} is no key`);
}
