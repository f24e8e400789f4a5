import type Dockerode from "dockerode";

import { BaseImageError, reasonOf } from "../errors.ts";

/**
 * An image of the engine as the archive that `docker save` writes.
 * @throws BaseImageError BASE_IMAGE_IMAGE_NOT_FOUND when the engine has no such image.
 */
export async function savedArchive(docker: Dockerode, reference: string): Promise<AsyncIterable<Buffer>> {
  try {
    return (await docker.getImage(reference).get()) as unknown as AsyncIterable<Buffer>;
  } catch (cause) {
    const isMissing = cause instanceof Error && "statusCode" in cause && cause.statusCode === 404;
    if (isMissing) {
      throw new BaseImageError("BASE_IMAGE_IMAGE_NOT_FOUND", `the engine has no image ${reference}`, { cause });
    }
    const message = `the engine does not save ${reference}: ${reasonOf(cause)}`;
    throw new BaseImageError("BASE_IMAGE_ENGINE_FAILED", message, { cause });
  }
}
