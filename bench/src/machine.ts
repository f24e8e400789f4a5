import { cpus, totalmem } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";

import { goOnUnlessAsked } from "./interruption.ts";

/** A machine in words and numbers that name no one's. */
export interface Machine {
  readonly cpus: number;
  readonly model: string;
  readonly memoryGiB: number;
  /** The share of its processors that was in use just before the first run, between 0 and 1. */
  readonly busy: number;
}

/** Above this share of the processors in use, figures are of the neighbours as much as of what is measured. */
const BUSY_BOUND = 0.2;

const WINDOW_MS = 3_000;
const WINDOWS = 20;

/**
 * What the machine is and how busy. With patience it waits up to a minute until the machine is quiet, since what came before
 * may still be writing; it is as busy as the last window showed.
 */
export async function describeMachine(patient: boolean): Promise<Machine> {
  const [first] = cpus();
  let busy = await busyShare();
  const windows = patient ? WINDOWS : 1;
  for (let window = 1; busy > BUSY_BOUND && window < windows; window += 1) busy = await busyShare();
  return {
    cpus: cpus().length,
    model: first?.model ?? "unknown",
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    busy: Math.round(busy * 100) / 100,
  };
}

/** Why figures from this machine are worth less; undefined on a quiet one. */
export function busyRemark({ busy }: Machine): string | undefined {
  if (busy <= BUSY_BOUND) return undefined;
  return `${Math.round(busy * 100)} % of the processors were in use before the first run (at most ${BUSY_BOUND * 100} % wanted)`;
}

/** A machine as a sentence says it. */
export function machineWords({ cpus: count, model, memoryGiB }: Machine): string {
  return `${count} ${count === 1 ? "core" : "cores"} (${model}) and ${memoryGiB} GiB of memory`;
}

async function busyShare(): Promise<number> {
  const before = processorTimes();
  await sleep(WINDOW_MS);
  goOnUnlessAsked();
  const after = processorTimes();
  const whole = after.whole - before.whole;
  return whole === 0 ? 0 : 1 - (after.idle - before.idle) / whole;
}

function processorTimes(): { readonly idle: number; readonly whole: number } {
  const times = cpus().map((one) => one.times);
  return {
    idle: times.reduce((sum, { idle }) => sum + idle, 0),
    whole: times.reduce((sum, { user, nice, sys, irq, idle }) => sum + user + nice + sys + irq + idle, 0),
  };
}
