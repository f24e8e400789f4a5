import type { ChildProcess, spawn as spawnProcess } from "node:child_process";

import { codeOf } from "../../errors.ts";
import { now } from "../clock.ts";
import { EXIT_CODES, exitCodeOf } from "../exit-codes.ts";
import type { Program } from "../find-program.ts";
import type { Leash } from "../leash.ts";
import { isGroupAlive, signalGroup } from "../process-group.ts";
import { begin, step } from "./machine.ts";
import type { ProcessOutput } from "./output.ts";
import type { SupervisionPlan } from "./plan.ts";
import type { SupervisionEffect, SupervisionEvent, SupervisionState } from "./states.ts";

const POLL_MS = 20;

/** What a supervisor acts through. */
export interface Stage {
  /** For each process of the plan what is executed. */
  readonly programs: readonly Program[];
  readonly env: NodeJS.ProcessEnv;
  readonly spawn: typeof spawnProcess;
  readonly leash: Leash | undefined;
  readonly output: ProcessOutput;
  /** Told of each event and each effect, with the PID of the process it is about. */
  readonly observe: (what: SupervisionEvent | SupervisionEffect, pid: number | undefined) => void;
}

type TimerEffect = Extract<SupervisionEffect, { type: "timer" }>;

/** Carries out what the machine decides, and tells it what happens. */
export class Supervisor {
  readonly #plan: SupervisionPlan;
  readonly #stage: Stage;
  readonly #groups = new Map<number, number>();
  readonly #timers = new Map<number, NodeJS.Timeout>();
  readonly #events: SupervisionEvent[] = [];
  /** Resolves to the exit code when nothing of the processes is left. */
  readonly ended: Promise<number>;
  #end: (exitCode: number) => void = () => undefined;
  #state: SupervisionState;

  constructor(plan: SupervisionPlan, stage: Stage) {
    this.ended = new Promise((resolve) => (this.#end = resolve));
    this.#plan = plan;
    this.#stage = stage;
    const { state, effects } = begin(plan);
    this.#state = state;
    for (const effect of effects) this.#carryOut(effect);
    this.#work();
  }

  /** Takes an event. One that an effect causes at once waits until the effects before it are carried out. */
  dispatch(event: SupervisionEvent): void {
    this.#events.push(event);
    if (this.#events.length === 1) this.#work();
  }

  #work(): void {
    for (let event = this.#events[0]; event !== undefined; event = this.#events[0]) {
      this.#stage.observe(event, "process" in event ? this.#groups.get(event.process) : undefined);
      const { state, effects } = step(this.#plan, this.#state, event);
      this.#state = state;
      for (const effect of effects) this.#carryOut(effect);
      this.#events.shift();
    }
  }

  #carryOut(effect: SupervisionEffect): void {
    if (effect.type === "end") {
      this.#end(effect.exitCode);
      return;
    }
    if (effect.type === "start") this.#start(effect.process);
    if (effect.type === "timer") this.#setTimer(effect);
    const group = this.#groups.get(effect.process);
    if (effect.type === "signal" && group !== undefined) signalGroup(group, effect.signal);
    this.#stage.observe(effect, group);
  }

  #start(process: number): void {
    const began = now();
    const child = this.#spawn(process);
    if (child instanceof Error || child.pid === undefined) {
      if (!(child instanceof Error)) child.once("error", (error) => this.#refused(process, error));
      else this.#refused(process, child);
      return;
    }
    const { pid } = child;
    this.#stage.leash?.hold(pid);
    this.#groups.set(process, pid);
    child.once("exit", (code, signal) => {
      const groupIsGone = !isGroupAlive(pid);
      if (groupIsGone) this.#forget(process, pid);
      else this.#watch(process, pid);
      const ranMs = now() - began;
      this.dispatch({ type: "exited", process, exitCode: exitCodeOf(code, signal), ranMs, groupIsGone });
    });
  }

  /** Node throws some refusals of the kernel and emits the others. */
  #spawn(process: number): ChildProcess | Error {
    const { programs, env, spawn, output } = this.#stage;
    const { file = "", head = [] } = programs[process] ?? {};
    const [argv0 = file, ...before] = head;
    const args = [...before, ...(this.#plan.processes[process]?.argv.slice(1) ?? [])];
    try {
      return spawn(file, args, { argv0, detached: true, env, stdio: ["ignore", ...output.streams(process)] });
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  #refused(process: number, error: Error): void {
    const exitCode = codeOf(error) === "ENOENT" ? EXIT_CODES.notFound : EXIT_CODES.notExecutable;
    this.dispatch({ type: "not-started", process, exitCode, reason: `cannot be executed: ${error.message}` });
  }

  #watch(process: number, group: number): void {
    setTimeout(() => {
      if (isGroupAlive(group)) {
        this.#watch(process, group);
        return;
      }
      this.#forget(process, group);
      this.dispatch({ type: "group-gone", process });
    }, POLL_MS);
  }

  /** Nothing of a group is left: its number may soon be another's. */
  #forget(process: number, group: number): void {
    this.#groups.delete(process);
    this.#stage.leash?.drop(group);
    this.#stage.output.finish(process);
  }

  #setTimer({ process, ms, why }: TimerEffect): void {
    clearTimeout(this.#timers.get(process));
    const due = (): void => this.dispatch({ type: "due", process });
    const rested = (): void => {
      const room = this.#stage.output.room();
      if (room === undefined) due();
      // A stop that comes in between leaves nothing that this could start.
      else void room.then(due);
    };
    if (ms === null) this.#timers.delete(process);
    else this.#timers.set(process, setTimeout(why === "rest" ? rested : due, ms));
  }
}
