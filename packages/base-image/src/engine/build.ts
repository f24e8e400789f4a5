import { BaseImageError, isBaseImageError } from "../errors.ts";
import type { BuildEvent, EventSink } from "../events.ts";
import { assertBuildable, type BuildOptions } from "./build-options.ts";
import { buildWithBuildx } from "./buildx-build.ts";
import { needsBuildx } from "./docker-command.ts";
import { buildInEngine } from "./engine-build.ts";
import { connectEngine } from "./engine.ts";
import type { BuildPlan } from "./plan.ts";
import { BuildProgress } from "./progress.ts";
import { redactSecrets, type Redact } from "./redact.ts";

/**
 * Carries a plan out and gives the image's id. Builds with secrets go through `docker buildx`, all others through the
 * engine's interface; events and errors are the same, and hold no secret's value.
 * @throws BaseImageError when the options do not fit the plan, no engine answers, or an instruction fails.
 */
export async function build(
  plan: BuildPlan,
  options: BuildOptions & { readonly signal?: AbortSignal | undefined },
  emit: EventSink<BuildEvent>,
): Promise<string> {
  assertBuildable(plan, options);
  const redact = await redactSecrets(options.secrets);
  const docker = await connectEngine();
  const progress = new BuildProgress((event) => emit(redactEvent(event, redact)));
  try {
    const image = needsBuildx(plan)
      ? await buildWithBuildx(plan, options, progress)
      : await buildInEngine(docker, plan, options, progress);
    emit({ type: "image-built", image, tags: options.tags });
    return image;
  } catch (error) {
    if (options.signal?.aborted === true) {
      throw new BaseImageError("BASE_IMAGE_INTERRUPTED", "the build was interrupted", { cause: error });
    }
    if (isBaseImageError(error)) throw new BaseImageError(error.code, redact(error.message), { hint: error.hint });
    if (!isEngineAnswer(error)) throw error;
    throw new BaseImageError("BASE_IMAGE_ENGINE_FAILED", `the engine refused the build: ${error.message}`, {
      cause: error,
    });
  }
}

function redactEvent(event: BuildEvent, redact: Redact): BuildEvent {
  if (event.type === "step-output" || event.type === "warning") return { ...event, text: redact(event.text) };
  return event.type === "step-failed" ? { ...event, error: redact(event.error) } : event;
}

function isEngineAnswer(error: unknown): error is Error {
  return error instanceof Error && "statusCode" in error;
}
