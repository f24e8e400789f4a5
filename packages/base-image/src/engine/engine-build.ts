import type Dockerode from "dockerode";
import { createInterface } from "node:readline";

import { BaseImageError } from "../errors.ts";
import type { BuildOptions } from "./build-options.ts";
import { INPUT_LABEL } from "./docker-command.ts";
import { DOCKERFILE_PATH, packContext } from "./pack.ts";
import type { BuildPlan } from "./plan.ts";
import type { BuildProgress } from "./progress.ts";
import { decodeTrace } from "./trace.ts";

interface StreamRecord {
  readonly id?: string;
  readonly aux?: string | { readonly ID?: string };
  readonly error?: string;
}

/** Builds through the engine's own BuildKit and gives the image's id. Errors come as records of the stream. */
export async function buildInEngine(
  docker: Dockerode,
  plan: BuildPlan,
  options: BuildOptions & { readonly signal?: AbortSignal | undefined },
  progress: BuildProgress,
): Promise<string> {
  const request = {
    version: "2" as const,
    dockerfile: DOCKERFILE_PATH,
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- `t` may repeat; dockerode's types leave that out
    t: options.tags as unknown as string,
    buildargs: { ...options.buildArgs },
    labels: { [INPUT_LABEL]: plan.inputHash },
    nocache: options.noCache,
    ...(options.network === undefined ? {} : { networkmode: options.network }),
    ...(options.signal === undefined ? {} : { abortSignal: options.signal }),
  };
  const stream = await docker.buildImage(packContext(plan.context, plan.dockerfile), request);
  let image = "";
  let failure: string | undefined;
  for await (const line of createInterface({ input: stream })) {
    const record: StreamRecord = JSON.parse(line);
    if (record.error !== undefined) failure = record.error;
    if (record.id === "moby.buildkit.trace" && typeof record.aux === "string") progress.update(decodeTrace(record.aux));
    if (record.id === "moby.image.id" && typeof record.aux === "object") image = record.aux.ID ?? "";
  }
  if (failure !== undefined) throw progress.failure(failure);
  if (image === "") throw new BaseImageError("BASE_IMAGE_BUILD_FAILED", "the engine ended the build without an image");
  return image;
}
