import { BaseImageError } from "../errors.ts";
import { failureText } from "./failure.ts";
import type { Streams } from "./output.ts";

/** The exit code of a program that SIGPIPE ends, as shells count it. */
const READER_GONE = 141;

/** The program's streams, whose faults are told once. */
export interface WatchedOutput {
  /** Waits for all that was written; gives the exit code where a stream could not take it. */
  flush(): Promise<number | undefined>;
}

/**
 * Ends the program's work when an output can take no more: without a word when its reader has gone, as `head` does, and
 * with BASE_IMAGE_OUTPUT_FAILED for everything else.
 */
export function watchOutput({ stdout, stderr }: Streams, interruption: AbortController): WatchedOutput {
  let exitCode: number | undefined;
  const note = (name: string, fault: NodeJS.ErrnoException | null | undefined): void => {
    if (fault === null || fault === undefined || exitCode !== undefined) return;
    if (fault.code === "EPIPE") {
      exitCode = READER_GONE;
    } else {
      const failure = new BaseImageError("BASE_IMAGE_OUTPUT_FAILED", `${name} cannot be written: ${fault.message}`);
      exitCode = failure.exitCode;
      if (name !== STDERR) stderr.write(failureText(failure));
    }
    if (!interruption.signal.aborted) interruption.abort(new DOMException("SIGPIPE", "AbortError"));
  };
  const streams = [[STDOUT, stdout] as const, [STDERR, stderr] as const];
  for (const [name, stream] of streams) stream.on("error", (fault: Error) => note(name, fault));
  return {
    flush: async () => {
      await Promise.all(
        streams.map(
          ([name, stream]) =>
            new Promise<void>((done) => {
              stream.write("", (fault) => {
                note(name, fault);
                done();
              });
            }),
        ),
      );
      return exitCode;
    },
  };
}

const STDOUT = "the standard output";
const STDERR = "the standard error";
