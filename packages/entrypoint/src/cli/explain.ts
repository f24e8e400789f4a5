import { budgetsOf, type Budget } from "../boot/budgets.ts";
import type { PlannedStep, StartPlan, SupervisionStep } from "../boot/plan.ts";
import { printPlan, SUPERVISOR_MB } from "../boot/print-plan.ts";
import { asksForRelease } from "../boot/release.ts";
import { limitOf, listSecrets } from "../boot/secrets.ts";
import { detailsOf } from "../boot/subject.ts";
import { inLine, printable } from "../errors.ts";
import { printOut } from "../process/output.ts";
import { readyAddress } from "../task/ready-address.ts";
import type { ParsedFlags } from "./flags.ts";
import { jsonLine } from "./report.ts";
import { makePlan, openPlan } from "./run.ts";

/** `entrypoint explain`: prints the plan on standard output. */
export function explain(flags: ParsedFlags): number {
  const opened = openPlan(flags);
  const secrets = listSecrets(opened.secrets);
  for (const { variable, source } of secrets) process.env[variable] ??= source;
  const plan = makePlan(opened, flags.command ?? []);
  const budgets = budgetsOf(plan, limitOf(opened.secrets));
  if (flags.values["--json"] === true) {
    return printOut(jsonLine({ type: "summary", secrets, ...printPlan(plan), budgets }));
  }
  return printOut(`${printable([...secrets.map(secretText), textOf(plan, budgets)].join("\n"))}\n`);
}

function secretText({ variable, source }: { readonly variable: string; readonly source: string }): string {
  return `secret: ${variable} from ${source}`;
}

function textOf(plan: StartPlan, budgets: readonly Budget[]): string {
  const lines = plan.steps.map(stepText);
  const health =
    plan.health === undefined
      ? []
      : [`health: answers ${String(plan.health.status)} on port ${String(plan.health.port)} until then`];
  return [
    `release: ${releaseText(plan)}`,
    `mode: ${plan.mode ?? "all"}`,
    ...(plan.tasksFrom === "definition" ? [] : [TASKS_FROM[plan.tasksFrom]]),
    ...lines,
    ...(plan.budgetMs === undefined ? [] : [`budget: ${String(plan.budgetMs / 1000)} s for all of that`]),
    ...health,
    ...lastText(plan.last),
    ...plan.background.map(backgroundText),
    "on ECS:",
    ...budgets.map(budgetText),
  ].join("\n");
}

const TASKS_FROM = {
  environment: "tasks: as ENTRYPOINT_TASKS has them",
  defaults: "tasks: the defaults, as the definition names none",
};

function budgetText({ limit, needSeconds, mostSeconds, fits, advice }: Budget): string {
  const there = fits ? "" : `, and there are at most ${String(mostSeconds)} s`;
  return `   ${limit}: ${String(needSeconds)} s may be needed${there}: ${advice}`;
}

function stepText({ step, task, subject }: PlannedStep): string {
  return `${String(step)}. ${task.task}: ${inLine(subject)} (${detailsOf(task)})`;
}

function backgroundText(step: PlannedStep): string {
  const until = `about ${String(SUPERVISOR_MB)} MB more until it is done`;
  return `${stepText(step)}, beside the app once ${readyAddress(step.ready)} is ready, with ${until}`;
}

function releaseText(plan: StartPlan): string {
  const tasks = [...plan.steps, ...plan.background].map(({ task }) => task);
  if (plan.release !== undefined) return `${plan.release.id} (from ${plan.release.from})`;
  return asksForRelease(tasks, process.env) ? "the image's, as the task metadata of ECS names it" : "none";
}

function lastText(last: StartPlan["last"]): readonly string[] {
  const codes = Object.entries(last.exitCodes).map(([from, to]) => `exit code ${from} becomes ${String(to)}`);
  if (last.via === "supervision") return [...supervisionText(last), ...codes];
  if (last.command.length === 0) return ["then: no command given"];
  const verb = last.via === "parent" ? `runs as a child, and keeps ${String(SUPERVISOR_MB)} MB resident:` : "becomes";
  return [
    `then: ${verb} ${inLine(last.command.join(" "))}${last.withoutInit ? " (as PID 1 without an init)" : ""}`,
    ...codes,
  ];
}

function supervisionText({ processes, init }: SupervisionStep): readonly string[] {
  const { endWhen, graceMs, shown } = processes;
  const end =
    typeof endWhen === "string"
      ? { any: "the first one ends", all: "all have ended" }[endWhen]
      : `${endWhen.named} ends`;
  const above = { "not-needed": "", tini: " (as PID 1 below tini)", none: " (as PID 1 without an init)" }[init];
  const lines = processes.processes.map(({ name, stopSignal = "SIGTERM", restart }, index) => {
    const again = restart === undefined ? "" : `, up to ${String(restart.most)} restarts (${restart.when})`;
    return `   ${name}: ${inLine(shown[index] ?? "")} (stopped by ${stopSignal}${again})`;
  });
  return [
    `then: runs ${String(lines.length)} processes until ${end}, and keeps about ${String(SUPERVISOR_MB)} MB resident${above}`,
    ...lines,
    `   killed ${String(graceMs / 1000)} s after they are asked to end`,
  ];
}
