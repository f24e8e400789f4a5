import { chance, type Release, type Step } from "./history.ts";
import type { Policy } from "./policies.ts";

const TASKS = 4;
const MINUTE = 60_000;
/** A page stays open, and loads parts of itself, for so long. */
const OPEN_FOR = 8 * 60 * MINUTE;

/** What browsers met. */
export interface Outcome {
  /** Assets asked for by pages that a running task had just served, and by those that were open for up to 8 hours. */
  readonly asked: number;
  readonly missingAtOnce: number;
  readonly missingLater: number;
  /** The most objects that were there at once. */
  readonly objects: number;
}

/**
 * Runs a history: tasks are replaced one by one, two minutes apart; at every replacement and view each running task
 * serves a page to a browser, which asks for all that it names, and open pages ask for one asset more.
 */
export async function simulate(
  steps: readonly Step[],
  policy: Policy,
  setTime: (now: number) => void,
): Promise<Outcome> {
  const random = chance(7);
  const tasks: Release[] = [];
  let pages: { readonly release: Release; readonly at: number }[] = [];
  const outcome = { asked: 0, missingAtOnce: 0, missingLater: 0, objects: 0 };
  let collecting: "rollout" | "build" | undefined;

  const look = async (now: number): Promise<void> => {
    const there = await policy.present(now);
    outcome.objects = Math.max(outcome.objects, there.size);
    for (const release of tasks) {
      for (const { key } of release.assets.values()) {
        outcome.asked += 1;
        if (!there.has(key)) outcome.missingAtOnce += 1;
      }
      pages.push({ release, at: now });
    }
    pages = pages.filter(({ at }) => now - at < OPEN_FOR);
    for (const { release } of pages) {
      const keys = [...release.assets.values()];
      const asset = keys[Math.floor(random() * keys.length)];
      outcome.asked += 1;
      if (asset !== undefined && !there.has(asset.key)) outcome.missingLater += 1;
    }
  };
  const running = (): ReadonlySet<string> => new Set(tasks.map(({ id }) => id));

  let clock = 0;
  const pass = (to: number): number => {
    clock = Math.max(clock, to);
    setTime(clock);
    return clock;
  };
  for (const step of steps) {
    pass(step.at);
    if (step.kind === "view") await look(clock);
    else if (step.kind === "collect") {
      if (step.during === "rollout" || step.during === "build") collecting = step.during;
      else await policy.collect(clock, running(), step.during === "killed");
    } else {
      await policy.build(step.releases, clock, collecting === "build");
      for (const release of step.releases) {
        for (let task = 0; task < TASKS; task += 1) {
          tasks[task] = release;
          await look(pass(clock + 2 * MINUTE));
          if (collecting === "rollout" && task === 1) await policy.collect(clock, running(), false);
        }
        await policy.rolledOut(release, clock);
      }
      collecting = undefined;
    }
  }
  return outcome;
}
