import { concealedValues } from "../process/redaction/concealed.ts";
import { startDetached } from "../process/detach.ts";
import { identityOf, type ProcessIdentity } from "../process/process-identity.ts";
import type { Emit } from "../events.ts";
import type { PlannedStep, StartPlan } from "./plan.ts";

/** What is to be done beside the app, as the process that does it reads it from its standard input. */
export interface BackgroundWork {
  /** This process, which becomes the app or its parent. */
  readonly app: ProcessIdentity;
  readonly release: StartPlan["release"] | null;
  readonly steps: readonly PlannedStep[];
  /** What no output may hold. */
  readonly concealed: readonly string[];
}

/** What leaving work behind needs. */
export interface BackgroundContext {
  readonly env: NodeJS.ProcessEnv;
  readonly emit: Emit;
  /** The command line of the process that does it. */
  readonly helper: readonly string[];
}

/** Starts the process that does the work beside the app. Where it cannot be started, the app is all the same. */
export async function leaveBackground(plan: StartPlan, { env, emit, helper }: BackgroundContext): Promise<void> {
  const { background: steps, release } = plan;
  const work: BackgroundWork = {
    app: identityOf(process.pid),
    release: release ?? null,
    steps,
    concealed: concealedValues(),
  };
  if (await startDetached({ argv: helper, env, input: JSON.stringify(work) })) return;
  emit({
    type: "warning",
    message: `not run in the background: ${steps.map(({ subject }) => subject).join(", ")}: /bin/sh starts nothing`,
    hint: "Use a base image with a shell, such as the slim ones.",
  });
}
