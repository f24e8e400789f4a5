import { detailsOf, printPlan, type StartPlan } from "../boot/plan.ts";
import { printable } from "../errors.ts";
import { writeOut } from "../process/output.ts";
import type { ParsedFlags } from "./flags.ts";
import { makePlan } from "./run.ts";

/** `entrypoint explain`: prints the plan on standard output. */
export function explain(flags: ParsedFlags): number {
  const plan = makePlan(flags, flags.command ?? []);
  if (flags.values["--json"] === true) {
    writeOut(1, `${JSON.stringify({ type: "summary", ...printPlan(plan) })}\n`);
  } else {
    writeOut(1, `${printable(textOf(plan))}\n`);
  }
  return 0;
}

function textOf(plan: StartPlan): string {
  const { release, steps, handOver } = plan;
  const first = release === undefined ? "release: none" : `release: ${release.id} (from ${release.from})`;
  const lines = steps.map(
    ({ step, task, subject }) => `${String(step)}. ${task.task}: ${subject} (${detailsOf(task)})`,
  );
  const last = handOver.command.length === 0 ? "then: no command given" : `then: becomes ${handOver.command.join(" ")}`;
  return [first, ...lines, handOver.withoutInit ? `${last} (as PID 1 without an init)` : last].join("\n");
}
