import { checkEnvironment, DEFAULT_CONFIG, findRelease, loadDefinition } from "../boot/load.ts";
import { planStart, type StartPlan } from "../boot/plan.ts";
import { start } from "../boot/start.ts";
import { EntrypointError } from "../errors.ts";
import type { Emit } from "../events.ts";
import { startBelowTini } from "../process/hand-over.ts";
import { ownInit, planOwnHandOver } from "../process/plan-hand-over.ts";
import { prepareOpenFiles } from "../process/open-files.ts";
import type { SignalDesk } from "../process/signal-desk.ts";
import type { ParsedFlags } from "./flags.ts";

/** `entrypoint run`: resolves to the exit code when the start fails. */
export async function run(flags: ParsedFlags, emit: Emit, desk: SignalDesk): Promise<number> {
  const plan = makePlan(flags, flags.command ?? []);
  const { last } = plan;
  if (last.via !== "supervision" && last.command.length === 0) {
    throw new EntrypointError("ENTRYPOINT_COMMAND_MISSING", {
      message: "run: there is no command to become; expected: entrypoint run -- COMMAND...",
    });
  }
  const stray = checkEnvironment(process.env);
  if (stray !== undefined) emit({ type: "warning", message: stray, hint: "Remove the variable, or correct its name." });
  const softLimit = await prepareOpenFiles();
  if (last.via === "supervision" && last.init === "tini") return startBelowTini({ desk, env: process.env, softLimit });
  const holder = plan.steps.length === 0 ? "" : await ownName();
  const toError = flags.values["--json"] === true;
  return start(plan, { desk, emit, env: process.env, holder, softLimit, toError });
}

/** This process among all that start. */
async function ownName(): Promise<string> {
  const { hostname } = await import("node:os");
  return `${hostname()}:${String(process.pid)}/${Math.random().toString(36).slice(2, 8)}`;
}

/** The plan for this process, from the definition that the flags name. */
export function makePlan(flags: ParsedFlags, command: readonly string[]): StartPlan {
  const config = flags.values["--config"];
  const definition = loadDefinition(typeof config === "string" ? config : DEFAULT_CONFIG, process.env);
  const receipts = definition.tasks.flatMap((task) => (task.task === "verify-assets" ? [task.receipt] : []));
  const release = findRelease(definition.receipt ?? receipts[0], process.env);
  const { processes, exitCodes } = definition;
  if (command.length > 0 || processes === undefined) {
    return planStart(definition, release, planOwnHandOver(command, process.env, exitCodes));
  }
  const codes = Object.fromEntries(exitCodes);
  return planStart(definition, release, {
    via: "supervision",
    processes,
    exitCodes: codes,
    init: ownInit(process.env),
  });
}
