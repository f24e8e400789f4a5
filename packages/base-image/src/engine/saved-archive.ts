import type Dockerode from "dockerode";

import { imageRefusal } from "./engine.ts";

/**
 * An image of the engine as the archive that `docker save` writes.
 * @throws BaseImageError BASE_IMAGE_IMAGE_NOT_FOUND when the engine has no such image, else BASE_IMAGE_ENGINE_FAILED.
 */
export async function savedArchive(docker: Dockerode, reference: string): Promise<AsyncIterable<Buffer>> {
  try {
    return (await docker.getImage(reference).get()) as unknown as AsyncIterable<Buffer>;
  } catch (cause) {
    throw imageRefusal(reference, cause);
  }
}
