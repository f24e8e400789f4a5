import { BaseImageError, isBaseImageError } from "../errors.ts";
import type { BuildEvent, EventSink } from "../events.ts";
import { assertBuildable, type BuildOptions } from "./build-options.ts";
import { buildWithBuildx, runBuildx } from "./buildx-build.ts";
import { layoutArguments, needsBuildx, type LayoutOptions } from "./docker-command.ts";
import { buildInEngine } from "./engine-build.ts";
import { connectEngine } from "./engine.ts";
import type { BuildPlan } from "./plan.ts";
import { BuildProgress } from "./progress.ts";
import { redactSecrets, type Redact } from "./redact.ts";

/** What may be chosen for a build, and what ends it early. */
export type RunOptions = BuildOptions & { readonly signal?: AbortSignal | undefined };

/**
 * Carries a plan out and gives the image's id. Builds with secrets go through `docker buildx`, all others through the
 * engine's interface; events and errors are the same, and hold no secret's value.
 * @throws BaseImageError when the options do not fit the plan, no engine answers, or an instruction fails.
 */
export async function build(plan: BuildPlan, options: RunOptions, emit: EventSink<BuildEvent>): Promise<string> {
  assertBuildable(plan, options);
  const docker = await connectEngine();
  return follow(options, emit, async (progress, report) => {
    const image = needsBuildx(plan)
      ? await buildWithBuildx(plan, options, progress)
      : await buildInEngine(docker, plan, options, progress);
    report({ type: "image-built", image, tags: options.tags });
    return image;
  });
}

/**
 * Builds a plan for every platform with `docker buildx` and writes the images to a folder, in the OCI layout.
 * @throws BaseImageError as {@link build} does; the builder need not be the engine's.
 */
export async function buildLayout(
  plan: BuildPlan,
  options: RunOptions,
  layout: LayoutOptions,
  emit: EventSink<BuildEvent>,
): Promise<void> {
  assertBuildable(plan, options);
  await follow(options, emit, async (progress) => {
    await runBuildx(plan, layoutArguments(plan, options, layout), progress, options.signal);
  });
}

/** Follows a build, with the values of its secrets taken out of all that is said. */
async function follow<Result>(
  options: RunOptions,
  emit: EventSink<BuildEvent>,
  work: (progress: BuildProgress, report: EventSink<BuildEvent>) => Promise<Result>,
): Promise<Result> {
  const redact = await redactSecrets(options.secrets);
  const report: EventSink<BuildEvent> = (event) => emit(redactEvent(event, redact));
  try {
    const progress = new BuildProgress(report);
    const result = await work(progress, report);
    progress.end();
    return result;
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
