import { BaseImageError } from "../errors.ts";
import { credentialsFor } from "./credentials.ts";
import { parseReference } from "./reference.ts";
import { connectRegistry } from "./registry.ts";

/**
 * The digest that an image's tag stands for in its registry, signed in as Docker would be.
 * @throws BaseImageError when the registry does not have it, refuses or does not answer.
 */
export async function resolveDigest(image: string, signal?: AbortSignal): Promise<string> {
  const { registry, repository, tag = "latest" } = parseReference(image);
  const connected = connectRegistry(registry, { credentials: await credentialsFor(registry), signal });
  const found = await connected.resolve(repository, tag);
  if (found !== undefined) return found.digest;
  throw new BaseImageError("BASE_IMAGE_REGISTRY_FAILED", `the registry ${registry} has no ${repository}:${tag}`, {
    hint: "Check the image's name and tag in the definition.",
  });
}
