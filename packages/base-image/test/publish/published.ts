import { serviceVariable } from "@slipway/testkit";

import { connectRegistry, type Registry } from "../../src/registry/registry.ts";

/** Nothing but the image itself, so that runs make the same requests. */
export const BARE: readonly string[] = ["--cache-ref", "none", "--provenance", "none", "--no-sbom"];

/** The registry that asks nobody for a password. */
export function registry(): Registry {
  return connectRegistry(serviceVariable("TEST_REGISTRY"));
}

/** Every tag but those of BuildKit's cache, which are no images. */
export async function imageTags(repository: string): Promise<readonly string[]> {
  return (await registry().tags(repository)).filter((tag) => !tag.startsWith("cache-")).toSorted();
}

/** What each of them names. */
export async function tagsWithDigests(repository: string): Promise<ReadonlyMap<string, string>> {
  const tags = await imageTags(repository);
  const found = await Promise.all(tags.map((tag) => registry().resolve(repository, tag)));
  return new Map(tags.map((tag, index) => [tag, found[index]?.digest ?? ""]));
}
