/** A moment of a deployment: whose pages are open in a browser somewhere, and what the store holds. */
export interface Instant {
  readonly at: string;
  readonly pages: readonly string[];
  readonly stored: ReadonlySet<string>;
}

/** What a page of some release could not load at some moment; `assets` are the files that each release's pages name. */
export function brokenPages(
  timeline: readonly Instant[],
  assets: Readonly<Record<string, readonly string[]>>,
): readonly string[] {
  return timeline.flatMap(({ at, pages, stored }) =>
    pages.flatMap((release) =>
      (assets[release] ?? [])
        .filter((file) => !stored.has(file))
        .map((file) => `${at}: a page of ${release} lacks ${file}`),
    ),
  );
}
