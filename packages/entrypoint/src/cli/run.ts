import { checkDefinition, completed, DEFAULT_CONFIG, findRelease, inFile, openDefinition } from "../boot/load.ts";
import type { HealthOptions } from "../boot/health.ts";
import { modeOf } from "../boot/modes.ts";
import { planStart, type StartPlan } from "../boot/plan.ts";
import type { Asking } from "../boot/release.ts";
import { findSecrets, settleSecrets, type Secrets } from "../boot/secrets.ts";
import { start } from "../boot/start.ts";
import type { Timeline } from "../boot/timeline.ts";
import { EntrypointError } from "../errors.ts";
import type { Emit } from "../events.ts";
import { startBelowTini } from "../process/hand-over.ts";
import { ownInit, planOwnHandOver } from "../process/plan-hand-over.ts";
import { prepareOpenFiles } from "../process/open-files.ts";
import type { SignalDesk } from "../process/signal-desk.ts";
import type { ParsedFlags } from "./flags.ts";
import { BACKGROUND_VERB } from "./verbs.ts";

/** `entrypoint run`: resolves to the exit code when the start fails. */
export async function run(flags: ParsedFlags, emit: Emit, desk: SignalDesk): Promise<number> {
  const opened = openPlan(flags);
  // As it was: below tini the secrets are read once more.
  const inherited = opened.secrets.references.length === 0 ? process.env : { ...process.env };
  await settleSecrets(opened.secrets, { desk, emit });
  const plan = makePlan(opened, flags.command ?? []);
  const { last } = plan;
  requireCommand(plan);
  const softLimit = await prepareOpenFiles();
  if (last.via === "supervision" && last.init === "tini") return startBelowTini({ desk, env: inherited, softLimit });
  const toError = flags.values["--json"] === true;
  const keep = await keeper(flags, emit);
  const health = plan.health === undefined ? undefined : await openResponder(plan.health, emit);
  return start(await withRelease(plan, { env: process.env, desk, emit }), {
    desk,
    emit: health?.emit ?? emit,
    env: process.env,
    softLimit,
    toError,
    helper: helperOf(flags),
    ...(health !== undefined && { beforeApp: health.close }),
    ...(keep !== undefined && { keep }),
  });
}

/** Only elections need a release, so only a plan with steps asks for one. */
async function withRelease(plan: StartPlan, asking: Asking): Promise<StartPlan> {
  return plan.steps.length === 0 ? plan : (await import("../boot/release.ts")).settleRelease(plan, asking);
}

async function keeper(flags: ParsedFlags, emit: Emit): Promise<((timeline: Timeline) => void) | undefined> {
  if (flags.values["--timeline"] === undefined && flags.values["--metrics"] === undefined) return undefined;
  return (await import("./keep-timeline.ts")).timelineKeeper(flags, emit);
}

function requireCommand({ last }: StartPlan): void {
  if (last.via === "supervision" || last.command.length > 0) return;
  throw new EntrypointError("ENTRYPOINT_COMMAND_MISSING", {
    message: "run: there is no command to become; expected: entrypoint run -- COMMAND...",
  });
}

/** This program for what is left for the background, telling events as this call does. */
function helperOf({ values }: ParsedFlags): readonly string[] {
  const [node = process.execPath, program = ""] = process.argv;
  const flags = ["--json", "--quiet"].filter((flag) => values[flag] === true);
  return [node, ...process.execArgv, program, BACKGROUND_VERB, ...flags];
}

/** A responder that hears of every event before it is told. */
async function openResponder(options: HealthOptions, emit: Emit): Promise<{ emit: Emit; close: () => Promise<void> }> {
  const { openHealth } = await import("../boot/health.ts");
  const health = await openHealth(options, emit);
  return {
    emit: (event) => {
      health.take(event);
      emit(event);
    },
    close: () => health.close(),
  };
}

/** A definition that is read and not checked, as its values may be secrets that are not there yet. */
export interface OpenedPlan {
  readonly path: string;
  readonly definition: unknown;
  readonly secrets: Secrets;
  /** The value of `--release`. */
  readonly release: string | undefined;
  readonly tasksFrom: StartPlan["tasksFrom"];
}

function whereTasksAre(written: unknown, env: Readonly<NodeJS.ProcessEnv>): StartPlan["tasksFrom"] {
  if ((env["ENTRYPOINT_TASKS"] ?? "") !== "") return "environment";
  return typeof written === "object" && written !== null && "tasks" in written ? "definition" : "defaults";
}

/** Opens the definition that the flags name. */
export function openPlan(flags: ParsedFlags): OpenedPlan {
  const config = flags.values["--config"];
  const path = typeof config === "string" ? config : DEFAULT_CONFIG;
  const named = flags.values["--release"];
  const release = typeof named === "string" ? named : undefined;
  const written = openDefinition(path);
  // A copy: each look at Node's own environment goes to the C library.
  const env = { ...process.env };
  const definition = completed(written, env);
  const secrets = inFile(path, () => findSecrets(definition, env));
  return { path, definition, release, secrets, tasksFrom: whereTasksAre(written, env) };
}

const TASK_LISTS: Readonly<Record<StartPlan["tasksFrom"], string>> = {
  definition: "tasks",
  environment: "ENTRYPOINT_TASKS",
  defaults: "default tasks",
};

/** The plan for this process. */
export function makePlan(opened: OpenedPlan, command: readonly string[]): StartPlan {
  const secrets = new Set(opened.secrets.references.map(({ variable }) => variable));
  const taskList = TASK_LISTS[opened.tasksFrom];
  const definition = checkDefinition(opened.path, opened.definition, process.env, { secrets, taskList });
  const receipts = definition.tasks.flatMap((task) => (task.task === "verify-assets" ? [task.receipt] : []));
  const release = findRelease({
    flag: opened.release,
    env: process.env,
    receipt: definition.receipt ?? receipts[0],
  });
  const { processes, exitCodes } = definition;
  const { tasksFrom } = opened;
  if (command.length > 0 || processes === undefined) {
    const mode = definition.mode ?? modeOf(command);
    return planStart(definition, { release, mode, tasksFrom }, planOwnHandOver(command, process.env, exitCodes));
  }
  const codes = Object.fromEntries(exitCodes);
  return planStart(
    definition,
    { release, mode: definition.mode, tasksFrom },
    {
      via: "supervision",
      processes,
      exitCodes: codes,
      init: ownInit(process.env),
    },
  );
}
