import type Dockerode from "dockerode";
import { PassThrough } from "node:stream";

import { imageRefusal } from "../engine/engine.ts";
import type { ImageConfig, Observed } from "./assertion.ts";

const DEADLINE_MS = 180_000;

/** How a program in the image is run. */
export interface ProbeRun {
  readonly command: readonly string[];
  readonly user?: string | undefined;
  /** Whether the root is read-only, with /tmp in memory. */
  readonly readOnly?: boolean | undefined;
  /** Whether the image's own entry point is in front of the command. */
  readonly entrypoint: boolean;
  /** Sent when the program has printed `ready`. */
  readonly signal?: "SIGTERM" | undefined;
}

/** An image that can be asked. */
export interface ImageProbe {
  readonly config: ImageConfig;
  run(run: ProbeRun): Promise<Observed>;
}

/**
 * Asks an image of the engine by starting containers without a network, each removed when its program has ended.
 * @throws BaseImageError BASE_IMAGE_IMAGE_NOT_FOUND when the engine has no such image, else BASE_IMAGE_ENGINE_FAILED.
 */
export async function probeImage(docker: Dockerode, reference: string): Promise<ImageProbe> {
  const image = docker.getImage(reference);
  const inspected = await image.inspect().catch((cause: unknown) => {
    throw imageRefusal(reference, cause);
  });
  const history: readonly { readonly CreatedBy?: string }[] = await image.history();
  const config = configOf(
    inspected,
    history.map(({ CreatedBy = "" }) => CreatedBy),
  );
  return { config, run: (run) => runContainer(docker, inspected.Id, run) };
}

/** Engines leave out what is empty. */
function configOf({ Config: config }: Dockerode.ImageInspectInfo, history: readonly string[]): ImageConfig {
  return {
    labels: config.Labels ?? {},
    entrypoint: wordsOf(config.Entrypoint),
    cmd: wordsOf(config.Cmd),
    user: config.User ?? "",
    workdir: config.WorkingDir ?? "",
    ports: Object.keys(config.ExposedPorts ?? {}),
    env: config.Env ?? [],
    history,
  };
}

function wordsOf(words: string | readonly string[] | undefined): readonly string[] {
  return typeof words === "string" ? [words] : (words ?? []);
}

/** What an engine answers with when it cannot start the program at all; a shell would end with 127. */
const NOT_STARTED = 127;

async function runContainer(docker: Dockerode, image: string, run: ProbeRun): Promise<Observed> {
  const container = await docker.createContainer({
    Image: image,
    Cmd: [...run.command],
    ...(run.user === undefined ? {} : { User: run.user }),
    ...(run.entrypoint ? {} : { Entrypoint: [] }),
    HostConfig: {
      NetworkMode: "none",
      ...(run.readOnly === true ? { ReadonlyRootfs: true, Tmpfs: { "/tmp": "" } } : {}),
    },
  });
  try {
    const output = new PassThrough({ encoding: "utf8" });
    const stream = await container.attach({ stream: true, stdout: true, stderr: true });
    docker.modem.demuxStream(stream, output, output);
    stream.once("end", () => output.end());
    const refusal = await startRefusal(container);
    if (refusal !== undefined) return { exitCode: NOT_STARTED, output: refusal };
    const text = collectOutput(output, async () => {
      // A program that has ended on its own needs no signal; its exit code tells.
      if (run.signal !== undefined) await container.kill({ signal: run.signal }).catch(() => undefined);
    });
    // After the start: before it the container is "not running" too, and the answer would be 0.
    const ended: Promise<{ readonly StatusCode: number }> = container.wait();
    const { StatusCode } = await withDeadline(ended, () => container.kill());
    return { exitCode: StatusCode, output: await text };
  } finally {
    await container.remove({ force: true });
  }
}

/** Starts a container; gives the engine's reason when the program cannot be started. */
async function startRefusal(container: Dockerode.Container): Promise<string | undefined> {
  try {
    await container.start();
    return undefined;
  } catch (error) {
    if (error instanceof Error && "statusCode" in error) return error.message.trim();
    throw error;
  }
}

async function collectOutput(output: AsyncIterable<string>, onReady: () => Promise<void>): Promise<string> {
  let text = "";
  let ready = false;
  for await (const chunk of output) {
    text += chunk;
    if (ready || !/^ready$/m.test(text)) continue;
    ready = true;
    await onReady();
  }
  return text;
}

/** A program that does not end is killed, which shows as exit code 137. */
async function withDeadline<T>(work: Promise<T>, kill: () => Promise<unknown>): Promise<T> {
  const timer = setTimeout(() => void kill().catch(() => undefined), DEADLINE_MS);
  try {
    return await work;
  } finally {
    clearTimeout(timer);
  }
}
