/** What build tools call the file that maps logical names to fingerprinted ones. */
const MANIFESTS: readonly { readonly tool: string; readonly name: RegExp }[] = [
  { tool: "Propshaft", name: /(^|\/)\.manifest\.json$/ },
  { tool: "Sprockets", name: /(^|\/)\.?sprockets-manifest-[0-9a-f]+\.json$/ },
  { tool: "Sprockets", name: /(^|\/)manifest-[0-9a-f]{32}\.json$/ },
  { tool: "Shakapacker, Vite before 5", name: /(^|\/)manifest(-assets)?\.json$/ },
  { tool: "Vite", name: /(^|\/)\.vite\/[^/]+\.json$/ },
];

/** Whether this key is a build tool's manifest: it names other files, so it goes up after all of them. */
export function isManifest(key: string): boolean {
  // Nearly every file is told apart by its ending alone.
  return key.endsWith(".json") && MANIFESTS.some(({ name }) => name.test(key));
}
