const STRANGE_PARTS: ReadonlySet<string> = new Set(["", ".", ".."]);

/**
 * Refuses what a scan never finds and a folder would take for a path elsewhere: a key is names joined by single slashes.
 * Whoever asks for another one has a bug.
 */
export function checkKey(key: string): void {
  if (key.split("/").some((part) => STRANGE_PARTS.has(part))) throw new Error(`${JSON.stringify(key)} is no key`);
}
