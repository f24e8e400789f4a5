import type Dockerode from "dockerode";

import { BaseImageError, reasonOf } from "../errors.ts";
import { credentialsFor } from "./credentials.ts";
import { DEFAULT_REGISTRY, parseReference } from "./reference.ts";

/**
 * Brings an image into the engine unless it is there, signed in as Docker would be; that of a platform where one is named.
 * Gives whether it was not there before.
 * @throws BaseImageError BASE_IMAGE_ENGINE_FAILED with the engine's own words.
 */
export async function pullImage(docker: Dockerode, image: string, platform?: string): Promise<boolean> {
  const isThere = await docker
    .getImage(image)
    .inspect()
    .then(
      () => true,
      () => false,
    );
  if (isThere) return false;
  const { registry } = parseReference(image);
  const credentials = await credentialsFor(registry);
  const authconfig =
    credentials?.kind === "password"
      ? { username: credentials.username, password: credentials.password, serveraddress: registry }
      : credentials && { identitytoken: credentials.token, serveraddress: registry };
  try {
    const progress = await docker.pull(image, {
      ...(authconfig === undefined ? {} : { authconfig }),
      ...(platform === undefined ? {} : { platform }),
    });
    await new Promise<void>((resolve, reject) => {
      docker.modem.followProgress(progress, (error) => (error === null ? resolve() : reject(error)));
    });
    return true;
  } catch (cause) {
    const message = `the engine does not pull ${image}: ${reasonOf(cause)}`;
    throw new BaseImageError("BASE_IMAGE_ENGINE_FAILED", message, { cause });
  }
}

/**
 * Brings an image whose name says its registry into the engine unless it is there. A name without one is the engine's own.
 * @throws BaseImageError BASE_IMAGE_INVALID_VALUE for what is no name, BASE_IMAGE_ENGINE_FAILED with the engine's own words.
 */
export async function pullNamed(docker: Dockerode, image: string): Promise<void> {
  if (parseReference(image).registry !== DEFAULT_REGISTRY) await pullImage(docker, image);
}
