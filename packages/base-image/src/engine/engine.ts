import Dockerode from "dockerode";

import { BaseImageError, reasonOf } from "../errors.ts";

/**
 * A client for the engine that DOCKER_HOST or the default socket names, proven to answer.
 * @throws BaseImageError BASE_IMAGE_ENGINE_UNREACHABLE, also for a DOCKER_HOST that is no address.
 */
export async function connectEngine(): Promise<Dockerode> {
  try {
    const docker = new Dockerode();
    await docker.ping();
    return docker;
  } catch (cause) {
    const where = process.env["DOCKER_HOST"] ?? "the default socket";
    const message = `no Docker engine answers at ${where}: ${reasonOf(cause)}`;
    throw new BaseImageError("BASE_IMAGE_ENGINE_UNREACHABLE", message, { cause });
  }
}

/** What an answer of the engine comes to that does not give an image. */
export function imageRefusal(reference: string, cause: unknown): BaseImageError {
  if (cause instanceof Error && "statusCode" in cause && cause.statusCode === 404) {
    return new BaseImageError("BASE_IMAGE_IMAGE_NOT_FOUND", `the engine has no image ${reference}`, { cause });
  }
  const message = `the engine does not give ${reference}: ${reasonOf(cause)}`;
  return new BaseImageError("BASE_IMAGE_ENGINE_FAILED", message, { cause });
}
