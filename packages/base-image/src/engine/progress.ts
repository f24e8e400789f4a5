import { BaseImageError } from "../errors.ts";
import type { BuildEvent, EventSink } from "../events.ts";
import type { SolveStatus, Vertex } from "./status.ts";

const LAST_LINES = 20;

/** What fails no build: it is slower without a cache, that is all. */
const ABOUT_CACHE = /^(?:importing cache manifest|exporting cache)/;
const NO_CACHE_YET = /not found|does not exist/;

/** Follows a build: turns BuildKit's reports into events, and knows in the end which step failed and what it said. */
export class BuildProgress {
  readonly #emit: EventSink<BuildEvent>;
  readonly #state = new Map<string, "started" | "finished">();
  /** The names of the steps that have started and not ended. */
  readonly #running = new Map<string, string>();
  readonly #output = new Map<string, string>();
  #failed: Vertex | undefined;

  constructor(emit: EventSink<BuildEvent>) {
    this.#emit = emit;
  }

  /** Takes one report. */
  update(status: SolveStatus): void {
    for (const vertex of status.vertexes) this.#updateVertex(vertex);
    for (const { vertex, text } of status.logs) {
      this.#output.set(vertex, ((this.#output.get(vertex) ?? "") + text).slice(-16_384));
      this.#emit({ type: "step-output", step: vertex, text });
    }
    for (const text of status.warnings) this.#emit({ type: "warning", text });
  }

  /** Ends what BuildKit never said the end of, as the import of a cache: the build has ended well. */
  end(): void {
    for (const [step, name] of this.#running) this.#emit({ type: "step-finished", step, name, cached: false });
    this.#running.clear();
  }

  /** The error of a build that ended without an image; `reason` is what the builder itself said. */
  failure(reason: string): BaseImageError {
    const failed = this.#failed;
    if (failed === undefined) return new BaseImageError("BASE_IMAGE_BUILD_FAILED", reason.trim());
    const exitCode = /exit code: (\d+)/.exec(failed.error)?.[1];
    const outcome = exitCode === undefined ? failed.error : `exit code ${exitCode}`;
    const lines = lastLines(this.#output.get(failed.digest) ?? "");
    const output = lines.length === 0 ? "" : `\n${lines.map((line) => `  | ${line}`).join("\n")}`;
    return new BaseImageError("BASE_IMAGE_BUILD_FAILED", `${failed.name} failed: ${outcome}${output}`);
  }

  #updateVertex(vertex: Vertex): void {
    const { digest: step, name, cached, error } = vertex;
    if (this.#state.get(step) === "finished") return;
    if (error !== "" && ABOUT_CACHE.test(name)) {
      this.#state.set(step, "finished");
      this.#running.delete(step);
      if (!NO_CACHE_YET.test(error)) this.#emit({ type: "warning", text: `${name}: ${error}` });
      return;
    }
    if (vertex.started && !this.#state.has(step)) {
      this.#state.set(step, "started");
      this.#running.set(step, name);
      this.#emit({ type: "step-started", step, name });
    }
    if (error !== "") {
      this.#state.set(step, "finished");
      this.#running.delete(step);
      if (!/context canceled/.test(error)) this.#failed ??= vertex;
      this.#emit({ type: "step-failed", step, name, error });
    } else if (vertex.completed) {
      this.#state.set(step, "finished");
      this.#running.delete(step);
      this.#emit({ type: "step-finished", step, name, cached });
    }
  }
}

function lastLines(output: string): readonly string[] {
  const lines = output.split("\n").map((line) => line.split("\r").findLast((part) => part !== "") ?? "");
  return lines.filter((line) => line.trim() !== "").slice(-LAST_LINES);
}
