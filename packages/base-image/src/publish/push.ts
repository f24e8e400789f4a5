import type { Registry } from "../registry/registry.ts";
import { parseManifest, type OciDescriptor, type OciLayout } from "./oci-layout.ts";

/** Brings images to a repository under their digests, with all they consist of. No tag names them. */
export async function pushByDigest(
  registry: Registry,
  repository: string,
  layout: OciLayout,
  images: readonly OciDescriptor[],
): Promise<void> {
  for (const { mediaType, digest, size } of images) {
    const bytes = await layout.read(digest);
    const { config, layers } = parseManifest(bytes);
    for (const part of [config, ...layers]) {
      await registry.upload(repository, part.digest, await layout.content(part.digest));
    }
    await registry.put(repository, { mediaType, digest, size, bytes }, digest);
  }
}
