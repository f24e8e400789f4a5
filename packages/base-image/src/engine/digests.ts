import Dockerode from "dockerode";

/** An image reference and the digest it has in the local engine, if it is there and the engine answers. */
export interface ResolvedBase {
  readonly reference: string;
  readonly digest: string | undefined;
}

/** Looks up what the local engine holds for each reference; asks no registry. */
export async function resolveLocally(references: readonly string[]): Promise<readonly ResolvedBase[]> {
  const docker = new Dockerode();
  return Promise.all(
    references.map(async (reference) => {
      const inspected = await docker
        .getImage(reference)
        .inspect()
        .catch(() => undefined);
      const digest = inspected?.RepoDigests?.[0]?.split("@").at(-1) ?? inspected?.Id;
      return { reference, digest };
    }),
  );
}
