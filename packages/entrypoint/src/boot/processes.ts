import type { OutputMode } from "../process/supervision/output.ts";
import type { EndPolicy, RestartRule, SupervisedProcess, SupervisionPlan } from "../process/supervision/plan.ts";
import { LONGEST_PAUSE_MS, PROCESS_KEYS } from "./process-keys.ts";
import { readProcfile } from "./procfile.ts";
import { asObject, readKeys, refuseUnknown, type Values } from "./read-object.ts";
import { below, describe, invalid, NAME, type Place } from "./read-value.ts";
import { suggest } from "./spelling.ts";

/** Several programs to run side by side. */
export interface Processes extends SupervisionPlan {
  readonly output: OutputMode;
  /** The commands as they stand in the file, with variables as names, in the order of the processes. */
  readonly shown: readonly string[];
}

interface Source {
  readonly place: Place;
  readonly read: (path: string) => string;
}

/**
 * The processes of a definition, from its key `processes` or the Procfile it names.
 * @throws EntrypointError `ENTRYPOINT_DEFINITION_INVALID`
 */
export function readProcesses(value: unknown, top: Values, { place, read }: Source): Processes {
  const procfile = top.optionalText("procfile");
  const path = below(place, "processes");
  if (value !== undefined && procfile !== undefined)
    throw invalid(path.path, "there is a procfile too, expected one of them");
  const named = procfile === undefined ? readOwn(value, path) : fromProcfile(read(procfile), procfile);
  const processes = named.map(({ process }) => process);
  return {
    processes,
    endWhen: readPolicy(top.text("endWhen"), processes, below(place, "endWhen")),
    graceMs: top.number("grace"),
    output: top.text("output") as OutputMode,
    shown: named.map(({ shown }) => shown),
  };
}

interface Named {
  readonly process: SupervisedProcess;
  readonly shown: string;
}

function readOwn(value: unknown, place: Place): readonly Named[] {
  const all = asObject(value, place);
  if (all.size === 0) throw invalid(place.path, "there is no process in it");
  return [...all].map(([name, one]) => {
    const own = below(place, name);
    if (!NAME.test(name)) throw invalid(own.path, "a process' name is of letters, digits, - and _");
    const object = asObject(one, own);
    refuseUnknown(
      object,
      PROCESS_KEYS.map(({ key }) => key),
      own,
    );
    const values = readKeys(object, PROCESS_KEYS, own);
    const restart = readRestart(values);
    const idle = restart === undefined ? ["restarts", "backOff"].find((key) => object.has(key)) : undefined;
    if (idle !== undefined)
      throw invalid(below(own, idle).path, 'there is no restart: add "restart": "failure" or "always"');
    const stopSignal = values.text("stopSignal") as NodeJS.Signals;
    const process = { name, argv: values.words("run"), stopSignal, ...(restart === undefined ? {} : { restart }) };
    return { process, shown: values.shown("run") };
  });
}

function readRestart(values: Values): RestartRule | undefined {
  const when = values.text("restart");
  if (when !== "failure" && when !== "always") return undefined;
  return { when, most: values.number("restarts"), backOffMs: values.number("backOff"), longestMs: LONGEST_PAUSE_MS };
}

function fromProcfile(text: string, path: string): readonly Named[] {
  return readProcfile(text, path).map(({ name, command }) => ({
    process: { name, argv: ["/bin/sh", "-c", command], stopSignal: "SIGTERM" },
    shown: command,
  }));
}

function readPolicy(text: string, processes: readonly SupervisedProcess[], { path }: Place): EndPolicy {
  if (text === "any" || text === "all") return text;
  const names = processes.map(({ name }) => name);
  if (names.includes(text)) return { named: text };
  throw invalid(path, `${describe(text)}: ${suggest(text, ["any", "all", ...names])}`);
}
