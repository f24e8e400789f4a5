/** What goes wrong between a definition and the registries its images are in. */
export type RegistryErrorCode =
  | "BASE_IMAGE_LOCK_FILE"
  | "BASE_IMAGE_CREDENTIALS"
  | "BASE_IMAGE_REGISTRY_UNREACHABLE"
  | "BASE_IMAGE_REGISTRY_DENIED"
  | "BASE_IMAGE_REGISTRY_FAILED"
  | "BASE_IMAGE_TAG_TAKEN";

/** Their part of the table. */
export const REGISTRY_ERRORS: Readonly<
  Record<RegistryErrorCode, { exitCode: number; meaning: string; remedy: string }>
> = {
  BASE_IMAGE_LOCK_FILE: {
    exitCode: 2,
    meaning: "The lock file beside the definition cannot be read, or is not what `base-image lock` writes.",
    remedy: "Restore it from version control, or remove it and run `base-image lock`.",
  },
  BASE_IMAGE_CREDENTIALS: {
    exitCode: 2,
    meaning: "What Docker knows about signing in to a registry cannot be used.",
    remedy: "Sign in again with `docker login REGISTRY`, or install the credential helper that the message names.",
  },
  BASE_IMAGE_REGISTRY_UNREACHABLE: {
    exitCode: 1,
    meaning: "A registry does not answer.",
    remedy: "Check the registry's name in the message, and the network.",
  },
  BASE_IMAGE_REGISTRY_DENIED: {
    exitCode: 1,
    meaning: "A registry does not let this user do this.",
    remedy: "Sign in with `docker login REGISTRY` as a user who may, and check the repository's name.",
  },
  BASE_IMAGE_REGISTRY_FAILED: {
    exitCode: 1,
    meaning: "A registry answered with an error, or does not have what was asked for.",
    remedy: "Read the registry's own words in the message.",
  },
  BASE_IMAGE_TAG_TAKEN: {
    exitCode: 3,
    meaning: "A tag that does not move by itself names another image already.",
    remedy: "Publish under another version, or move it with --force; the digest it has now is in the message.",
  },
};
