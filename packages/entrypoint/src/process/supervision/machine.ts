import { EXIT_CODES } from "../exit-codes.ts";
import { REAP_MS, restartPause, type SupervisedProcess, type SupervisionPlan } from "./plan.ts";
import type { ProcessState, Step, SupervisionEffect, SupervisionEvent, SupervisionState } from "./states.ts";

/** All of them started. */
export function begin(plan: SupervisionPlan): Step {
  const processes = plan.processes.map((): ProcessState => ({ phase: "running", exitCode: null, restarts: 0 }));
  const state = { processes, stopping: null, verdict: null, firstFailure: null, ended: false };
  return finish({ state, effects: processes.map((_, process) => ({ type: "start", process })) });
}

/** The next state. An event that does not fit the state, such as the end of what is gone, changes nothing. */
export function step(plan: SupervisionPlan, state: SupervisionState, event: SupervisionEvent): Step {
  if (state.ended) return { state, effects: [] };
  switch (event.type) {
    case "stop":
      return finish(state.stopping === null ? stopAll(plan, { state, effects: [] }) : hasten(state));
    case "signal":
      return { state, effects: passOn(state, event.signal) };
    case "due":
      return finish(onDue(plan, state, event.process));
    case "exited":
      return finish(onExited(plan, state, event));
    case "group-gone":
      return finish(onGroupGone(plan, state, event.process));
    case "not-started":
      break;
  }
  const exited = { ...event, type: "exited", ranMs: 0, groupIsGone: true } as const;
  return finish(onExited(plan, state, exited));
}

type Exited = Extract<SupervisionEvent, { type: "exited" }>;

function onExited(plan: SupervisionPlan, before: SupervisionState, event: Exited): Step {
  const { process: index, exitCode } = event;
  const own = before.processes[index];
  const process = plan.processes[index];
  if (own === undefined || process === undefined || own.exitCode !== null || isGone(own)) return unchanged(before);
  const restarts = process.restart !== undefined && event.ranMs > process.restart.longestMs ? 0 : own.restarts;
  const exited = withProcess(before, index, { ...own, exitCode, restarts });
  const again = mayRestart(plan, exited, index);
  const counted = unchanged(again ? exited : count(plan, exited, index));
  const left = event.groupIsGone ? leave(plan, counted, index) : stopOne(plan, counted, index);
  return !again && endsAll(plan, index) ? settle(plan, left, exitCode) : left;
}

function onGroupGone(plan: SupervisionPlan, state: SupervisionState, index: number): Step {
  const own = state.processes[index];
  if (own === undefined || own.exitCode === null || isGone(own)) return unchanged(state);
  return leave(plan, unchanged(state), index);
}

function onDue(plan: SupervisionPlan, state: SupervisionState, index: number): Step {
  const own = state.processes[index];
  switch (own?.phase) {
    case "stopping":
      return kill(unchanged(state), index);
    case "killed": {
      const exitCode = own.exitCode ?? EXIT_CODES.killed;
      const counted =
        own.exitCode === null ? count(plan, withProcess(state, index, { ...own, exitCode }), index) : state;
      return leave(plan, unchanged(counted), index);
    }
    case "resting": {
      const again = withProcess(state, index, { phase: "running", exitCode: null, restarts: own.restarts + 1 });
      return { state: again, effects: [{ type: "start", process: index }] };
    }
    case "running":
    case "gone":
    case undefined:
      break;
  }
  return unchanged(state);
}

/** Nothing of it is left: it rests when it will be started again. */
function leave(plan: SupervisionPlan, { state, effects }: Step, index: number): Step {
  const own = state.processes[index];
  const rule = plan.processes[index]?.restart;
  if (own === undefined) return { state, effects };
  const again = rule !== undefined && mayRestart(plan, state, index);
  const ms = again ? restartPause(rule, own.restarts) : null;
  return {
    state: withProcess(again ? state : count(plan, state, index), index, { ...own, phase: again ? "resting" : "gone" }),
    effects: [...effects, { type: "timer", process: index, ms, why: "rest" }],
  };
}

function mayRestart(plan: SupervisionPlan, state: SupervisionState, index: number): boolean {
  const rule = plan.processes[index]?.restart;
  const own = state.processes[index];
  if (rule === undefined || own === undefined || state.stopping !== null || own.restarts >= rule.most) return false;
  return rule.when === "always" || own.exitCode !== 0;
}

function endsAll(plan: SupervisionPlan, index: number): boolean {
  if (plan.endWhen === "any") return true;
  return plan.endWhen !== "all" && plan.processes[index]?.name === plan.endWhen.named;
}

/** An end that counts. */
function count(plan: SupervisionPlan, state: SupervisionState, index: number): SupervisionState {
  const exitCode = state.processes[index]?.exitCode ?? 0;
  const named = plan.endWhen !== "any" && plan.endWhen !== "all";
  const heard = !named || endsAll(plan, index);
  return heard && exitCode !== 0 && state.firstFailure === null ? { ...state, firstFailure: exitCode } : state;
}

function settle(plan: SupervisionPlan, { state, effects }: Step, exitCode: number): Step {
  if (state.stopping !== null) return { state, effects };
  return stopAll(plan, { state: { ...state, verdict: exitCode }, effects });
}

function stopAll(plan: SupervisionPlan, { state, effects }: Step): Step {
  const asked: SupervisionState = { ...state, stopping: "asked" };
  return asked.processes.reduce<Step>(
    (so, own, index) => {
      if (own.phase === "running") return stopOne(plan, so, index);
      return own.phase === "resting" ? leave(plan, so, index) : so;
    },
    { state: asked, effects },
  );
}

function stopOne(plan: SupervisionPlan, { state, effects }: Step, index: number): Step {
  const own = state.processes[index];
  if (own?.phase !== "running") return { state, effects };
  const signal = stopSignalOf(plan.processes[index]);
  return {
    state: withProcess(state, index, { ...own, phase: "stopping" }),
    effects: [
      ...effects,
      { type: "signal", process: index, signal },
      { type: "timer", process: index, ms: plan.graceMs, why: "grace" },
    ],
  };
}

function stopSignalOf(process: SupervisedProcess | undefined): NodeJS.Signals {
  return process?.stopSignal ?? "SIGTERM";
}

function hasten(state: SupervisionState): Step {
  const hastened: SupervisionState = { ...state, stopping: "hastened" };
  return hastened.processes.reduce<Step>(
    (so, own, index) => (own.phase === "stopping" ? kill(so, index) : so),
    unchanged(hastened),
  );
}

function kill({ state, effects }: Step, index: number): Step {
  const own = state.processes[index];
  if (own === undefined) return { state, effects };
  return {
    state: withProcess(state, index, { ...own, phase: "killed" }),
    effects: [
      ...effects,
      { type: "signal", process: index, signal: "SIGKILL" },
      { type: "timer", process: index, ms: REAP_MS, why: "reap" },
    ],
  };
}

function passOn(state: SupervisionState, signal: NodeJS.Signals): readonly SupervisionEffect[] {
  return state.processes.flatMap((own, process) =>
    own.phase === "running" || own.phase === "stopping" ? [{ type: "signal", process, signal }] : [],
  );
}

function isGone({ phase }: ProcessState): boolean {
  return phase === "gone" || phase === "resting";
}

function withProcess(state: SupervisionState, index: number, own: ProcessState): SupervisionState {
  return { ...state, processes: state.processes.with(index, own) };
}

function unchanged(state: SupervisionState): Step {
  return { state, effects: [] };
}

/** The last one closes the door. */
function finish({ state, effects }: Step): Step {
  if (!state.processes.every(({ phase }) => phase === "gone")) return { state, effects };
  const exitCode = state.verdict ?? state.firstFailure ?? 0;
  return { state: { ...state, ended: true }, effects: [...effects, { type: "end", exitCode }] };
}
