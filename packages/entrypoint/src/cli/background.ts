import { readFileSync, writeFileSync } from "node:fs";
import { setPriority } from "node:os";

import type { BackgroundWork } from "../boot/background.ts";
import { tendBackground } from "../boot/tend-background.ts";
import type { Emit } from "../events.ts";
import { conceal } from "../process/redaction/concealed.ts";
import { openSignalDesk } from "../process/signal-desk.ts";

/** Half of what it may be: https://man7.org/linux/man-pages/man7/sched.7.html */
const NICE = 10;

/** Who is killed first where memory runs out: https://man7.org/linux/man-pages/man5/proc_pid_oom_score_adj.5.html */
const OOM_SCORE = "500";

/** What `run` starts beside the app: the work stands on standard input. */
export async function background(emit: Emit): Promise<number> {
  const desk = openSignalDesk();
  stepBack();
  const work = JSON.parse(readFileSync(0, "utf8")) as BackgroundWork;
  await conceal(work.concealed);
  await tendBackground(work, { desk, emit, env: process.env });
  return 0;
}

/** Behind the app, for processors and for memory; what it starts inherits that. */
function stepBack(): void {
  for (const step of [() => setPriority(NICE), () => writeFileSync("/proc/self/oom_score_adj", OOM_SCORE)]) {
    try {
      step();
    } catch {
      // It was further back already, or /proc is not mounted.
    }
  }
}
