import { connectEngine } from "./engine.ts";

/** What the local engine holds. */
export interface LocalDigests {
  readonly engineAnswers: boolean;
  /** The digest of each reference that is there. */
  readonly digests: ReadonlyMap<string, string>;
}

/** Looks up what the local engine holds for each reference; asks no registry. */
export async function resolveLocally(references: readonly string[]): Promise<LocalDigests> {
  const docker = await connectEngine().catch(() => undefined);
  if (docker === undefined) return { engineAnswers: false, digests: new Map() };
  const digests = new Map<string, string>();
  await Promise.all(
    references.map(async (reference) => {
      const inspected = await docker
        .getImage(reference)
        .inspect()
        .catch(() => undefined);
      const digest = inspected?.RepoDigests?.[0]?.split("@").at(-1) ?? inspected?.Id;
      if (digest !== undefined) digests.set(reference, digest);
    }),
  );
  return { engineAnswers: true, digests };
}
