import { makePipes } from "./pipes.ts";
import { openOutlet, type Outlet, type Relay } from "./relay.ts";

/**
 * What becomes of the processes' output. `inherit`: they write to this process' own streams; `lines`: through this process,
 * so that no line is cut by another's; `prefixed`: the same with the process' name before each line.
 */
export type OutputMode = "inherit" | "lines" | "prefixed";

/** The output of several processes. */
export interface ProcessOutput {
  /** For `stdio` of the process with this index: its standard output and standard error. */
  streams(process: number): readonly ["inherit" | number, "inherit" | number];
  /**
   * Resolves when there is room for what processes write, or nobody has read it for a second; `undefined` where there is room.
   * What a process has left when it ends is read whatever room there is, so one that is started again has to wait for it.
   */
  room(): Promise<unknown> | undefined;
  /** Nothing of this process is left: what it has written is passed on. */
  finish(process: number): void;
  /** Resolves when everything is written, or nobody has read it for a second. */
  close(): Promise<void>;
}

/** Nothing stands between the processes and this process' streams. */
export function inherited(toError: boolean): ProcessOutput {
  return {
    streams: () => [toError ? 2 : "inherit", "inherit"],
    room: () => undefined,
    finish: () => undefined,
    close: () => Promise.resolve(),
  };
}

/**
 * Opens the output of processes with these names; `undefined` where no pipes can be made. With `toError` all of it goes to
 * standard error.
 */
export async function openOutput(
  mode: OutputMode,
  names: readonly string[],
  toError: boolean,
): Promise<ProcessOutput | undefined> {
  if (mode === "inherit") return inherited(toError);
  const pipes = await makePipes(names.length * 2);
  if (pipes === undefined) return undefined;
  const width = Math.max(...names.map((name) => name.length));
  const errors = openOutlet(2);
  const outlets = [toError ? errors : openOutlet(1), errors] as const;
  const relays = names.map((name, index) => {
    const prefix = mode === "prefixed" ? `${name.padEnd(width)} | ` : "";
    return outlets.flatMap((outlet, stream) => {
      const pipe = pipes[index * 2 + stream];
      return pipe === undefined ? [] : [outlet.relay(pipe, prefix)];
    });
  });
  return connected(relays, outlets);
}

function connected(relays: readonly (readonly Relay[])[], outlets: readonly Outlet[]): ProcessOutput {
  return {
    streams: (process) => {
      const [out, error] = relays[process] ?? [];
      return [out?.writing ?? "inherit", error?.writing ?? "inherit"];
    },
    room: () => {
      const waits = outlets.map((outlet) => outlet.room()).filter((wait) => wait !== undefined);
      return waits.length === 0 ? undefined : Promise.all(waits);
    },
    finish: (process) => {
      for (const relay of relays[process] ?? []) relay.finish();
    },
    close: async () => void (await Promise.all([...new Set(outlets)].map((outlet) => outlet.close()))),
  };
}
