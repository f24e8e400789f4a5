import type { End, Inside, LongContainer, Start } from "./long-container.ts";
import type { Mode, Setting } from "./modes.ts";

/** One thing that has to hold in every mode, or a reason why there is nothing to hold. */
export interface Item {
  /** Its number in the checklist; several rows may share one. */
  readonly item: number;
  readonly title: string;
  /** Why the mode has no such thing; `undefined` where it has. */
  readonly unless?: (mode: Mode) => string | undefined;
  readonly holds: (place: Place) => Promise<void>;
}

/** Where an item is tried. */
export interface Place {
  readonly mode: Mode;
  readonly setting: Setting;
  readonly container: LongContainer;
  /** Starts the entrypoint and waits until it has ended. */
  run(what: Omit<Start, "mode">): Promise<End>;
  start(what: Omit<Start, "mode">): Promise<Inside>;
  /** The app is this shell script. */
  sh(script: string, what?: Omit<Start, "mode" | "command">): Promise<End>;
}

/** A place for this mode in this container. */
export function placeOf(container: LongContainer, mode: Mode, setting: Setting): Place {
  const run = (what: Omit<Start, "mode">): Promise<End> => container.run({ ...what, mode });
  return {
    mode,
    setting,
    container,
    run,
    start: (what) => container.start({ ...what, mode }),
    sh: (script, what) => run({ ...what, command: ["sh", "-c", script] }),
  };
}

/** A shell in front of everything that prepares the process. */
export function prepared(preparation: string): (words: readonly string[]) => readonly string[] {
  return (words) => ["sh", "-c", `${preparation}; exec "$@"`, "sh", ...words];
}

/** Everything in a terminal of its own, whose keyboard is the standard input. */
export function inTerminal(words: readonly string[]): readonly string[] {
  const quoted = words.map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`).join(" ");
  return ["script", "--quiet", "--return", "--flush", "--command", quoted, "/dev/null"];
}

/** A task that runs a command. */
export function task(...run: readonly string[]): object {
  return { task: "run", run };
}
