import type { BuildEvent, EventSink } from "../events.ts";
import { printable } from "./output.ts";

const HEARTBEAT_MS = 5000;

/** Renders a build for people; call `end` when it is over. */
export interface BuildText {
  readonly event: EventSink<BuildEvent>;
  end(): void;
}

interface RunningStep {
  readonly name: string;
  readonly since: number;
  /** The last words it printed. */
  readonly latest: string;
}

/**
 * One line for each instruction that ends; while one runs, its latest words every few seconds, or on a terminal in a
 * line that is written over.
 */
export function buildText(
  write: (text: string) => void,
  terminal: { readonly columns: number } | undefined,
): BuildText {
  const running = new Map<string, RunningStep>();
  const clear = terminal === undefined ? "" : "\r\u001B[K";
  const beat = (): void => {
    const [current] = [...running.values()].slice(-1);
    if (current === undefined) return;
    const text = `… ${current.name} ${seconds(current.since)}${current.latest === "" ? "" : ` | ${current.latest}`}`;
    write(terminal === undefined ? `${text.slice(0, 160)}\n` : `${clear}${text.slice(0, terminal.columns - 1)}`);
  };
  const timer = setInterval(beat, terminal === undefined ? HEARTBEAT_MS : 200);
  timer.unref();
  return {
    event: (event) => {
      const line = lineFor(event, running);
      if (event.type === "step-started")
        running.set(event.step, { name: oneLine(event.name), since: performance.now(), latest: "" });
      const step = event.type === "step-output" ? running.get(event.step) : undefined;
      if (event.type === "step-output" && step !== undefined) {
        running.set(event.step, { ...step, latest: oneLine(event.text.trim().split("\n").at(-1) ?? "") });
      }
      if (event.type === "step-finished" || event.type === "step-failed") running.delete(event.step);
      if (line !== "") write(`${clear}${line}\n`);
    },
    end: () => {
      clearInterval(timer);
      write(clear);
    },
  };
}

function lineFor(event: BuildEvent, running: ReadonlyMap<string, { readonly since: number }>): string {
  if (event.type === "step-failed") return `✗ ${oneLine(event.name)}`;
  if (event.type === "warning") return `! ${oneLine(event.text)}`;
  if (event.type === "image-built")
    return `built ${event.image}${event.tags.map((tag) => `\n  tagged ${tag}`).join("")}`;
  if (event.type !== "step-finished" || !event.name.startsWith("[")) return "";
  const since = running.get(event.step)?.since;
  return `✓ ${oneLine(event.name)} ${event.cached || since === undefined ? "cached" : seconds(since)}`;
}

function seconds(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(1)}s`;
}

function oneLine(text: string): string {
  const line = printable(text)
    .replaceAll(/\s+/g, " ")
    .replaceAll(/ --mount=\S+/g, "");
  return line.length > 120 ? `${line.slice(0, 119)}…` : line;
}
