import { writeFileSync } from "node:fs";

import type { Timeline } from "../boot/timeline.ts";
import { messageOf } from "../errors.ts";
import type { Emit } from "../events.ts";
import { writeOut } from "../process/output.ts";
import { censored } from "../process/redaction/concealed.ts";
import { isEndless, NOT_REGULAR } from "../process/regular-file.ts";
import type { ParsedFlags } from "./flags.ts";

/** What `--timeline` and `--metrics` ask for; `undefined` when neither is given. */
export async function timelineKeeper(
  flags: ParsedFlags,
  emit: Emit,
): Promise<((timeline: Timeline) => void) | undefined> {
  const { "--timeline": file, "--metrics": namespace } = flags.values;
  const keepers = [
    ...(typeof file === "string" ? [await pageKeeper(file, emit)] : []),
    ...(typeof namespace === "string" ? [await metricKeeper(namespace)] : []),
  ];
  if (keepers.length === 0) return undefined;
  return (timeline) => {
    for (const keep of keepers) keep(timeline);
  };
}

/** A page that cannot be written is no reason not to start the app. */
async function pageKeeper(file: string, emit: Emit): Promise<(timeline: Timeline) => void> {
  const { timelinePage } = await import("../boot/timeline-page.ts");
  return (timeline) => {
    try {
      if (isEndless(file)) throw new Error(`${file}: ${NOT_REGULAR}`);
      writeFileSync(file, timelinePage(withoutSecrets(timeline)));
    } catch (error) {
      const hint = "Name a file that this user may write, on a mounted volume where the root is read-only.";
      emit({ type: "warning", message: `the timeline is not kept: ${messageOf(error)}`, hint });
    }
  };
}

/** Before the page makes other characters of them. */
function withoutSecrets(timeline: Timeline): Timeline {
  const steps = timeline.steps.map((step) => ({
    ...step,
    subject: censored(step.subject),
    outcome: censored(step.outcome),
  }));
  return { ...timeline, steps };
}

async function metricKeeper(namespace: string): Promise<(timeline: Timeline) => void> {
  const { metricLines } = await import("../boot/metrics.ts");
  return (timeline) =>
    writeOut(
      1,
      metricLines(timeline, namespace, new Date())
        .map((line) => `${line}\n`)
        .join(""),
    );
}
