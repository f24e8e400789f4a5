import type { BuildEvent, EventSink } from "../events.ts";
import { printable } from "./output.ts";
import type { VerbContext } from "./verb.ts";

const HEARTBEAT_MS = 5000;

/** The width of a line where there is no terminal to ask. */
const COLUMNS = 140;

/** What a line needs beside the name of its step: the mark, the time and the spaces between. */
const BESIDE = " ✓ 1000.0s ".length;

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

/** The text of a build that a verb runs. It is written as it is: what moves a terminal's cursor is its own. */
export function buildTextOf({ output, terminal }: VerbContext): BuildText {
  const write = (text: string): void => void (output.quiet || process.stderr.write(text));
  return buildText(write, output.quiet ? undefined : terminal);
}

/**
 * One line for each instruction that ends; while one runs, its latest words every few seconds, or on a terminal in a
 * line that is written over.
 */
function buildText(write: (text: string) => void, terminal: { readonly columns: number } | undefined): BuildText {
  const running = new Map<string, RunningStep>();
  const columns = terminal?.columns ?? COLUMNS;
  const clear = terminal === undefined ? "" : "\r\u001B[K";
  const beat = (): void => {
    const [current] = [...running.values()].slice(-1);
    if (current === undefined) return;
    const name = cut(current.name, Math.floor(columns * 0.6));
    const text = `… ${name} ${seconds(current.since)}${current.latest === "" ? "" : ` | ${current.latest}`}`;
    write(`${clear}${cut(text, columns - 1)}${terminal === undefined ? "\n" : ""}`);
  };
  const timer = setInterval(beat, terminal === undefined ? HEARTBEAT_MS : 200);
  timer.unref();
  return {
    event: (event) => {
      const line = lineFor(event, running, columns);
      if (event.type === "step-started")
        running.set(event.step, { name: oneLine(event.name), since: performance.now(), latest: "" });
      const step = event.type === "step-output" ? running.get(event.step) : undefined;
      if (event.type === "step-output" && step !== undefined) {
        const words = event.text.split("\n").findLast((each) => each.trim() !== "");
        if (words !== undefined) running.set(event.step, { ...step, latest: oneLine(words) });
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

function lineFor(event: BuildEvent, running: ReadonlyMap<string, RunningStep>, columns: number): string {
  if (event.type === "step-failed") return `✗ ${cut(oneLine(event.name), columns - BESIDE)}`;
  if (event.type === "warning") return `! ${oneLine(event.text)}`;
  if (event.type === "image-built") return event.tags.map((tag) => `built ${tag}`).join("\n");
  if (event.type !== "step-finished" || !event.name.startsWith("[")) return "";
  const since = running.get(event.step)?.since;
  const took = event.cached || since === undefined ? "cached" : seconds(since);
  return `✓ ${cut(oneLine(event.name), columns - BESIDE)} ${took}`;
}

function seconds(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(1)}s`;
}

function oneLine(text: string): string {
  return printable(text)
    .replaceAll(/\s+/g, " ")
    .replaceAll(/ --mount=\S+/g, "");
}

function cut(line: string, length: number): string {
  return line.length > length ? `${line.slice(0, length - 1)}…` : line;
}
