import Dockerode from "dockerode";

import { BaseImageError, reasonOf } from "../errors.ts";

/** A client for the engine that DOCKER_HOST or the default socket names, proven to answer. */
export async function connectEngine(): Promise<Dockerode> {
  const docker = new Dockerode();
  await docker.ping().catch((cause: unknown) => {
    const where = process.env["DOCKER_HOST"] ?? "the default socket";
    const message = `no Docker engine answers at ${where}: ${reasonOf(cause)}`;
    throw new BaseImageError("BASE_IMAGE_ENGINE_UNREACHABLE", message, { cause });
  });
  return docker;
}
