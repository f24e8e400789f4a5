import { Moves } from "./moves.ts";
import { encode, type Model, type World } from "./world.ts";

/** What an exploration came to. */
export interface Exploration {
  readonly worlds: number;
  /** The claim that does not hold, and the steps to where it does not; `undefined` when all hold everywhere. */
  readonly violation: { readonly claim: string; readonly world: unknown } | undefined;
}

/**
 * Visits every world that a model leads to and holds the claims against each: one acts at a time; what is done stays done;
 * a failure is told to all; from every world there is a way on to where all that live have ended.
 */
export function explore(model: Model): Exploration {
  const moves = new Moves(model);
  const start = moves.start();
  const numbers = new Map<string, number>([[encode(start), 0]]);
  const edges = new Edges();
  const goals: number[] = [];
  let queue: (readonly [number, World])[] = [[0, start]];
  while (queue.length > 0) {
    const following: (readonly [number, World])[] = [];
    for (const [number, world] of queue) {
      const claim = broken(moves, world);
      if (claim !== undefined) return { worlds: numbers.size, violation: { claim, world: show(moves, world) } };
      if (hasEnded(moves, world)) goals.push(number);
      for (const one of moves.next(world)) {
        if (forgetsDone(moves, world, one)) {
          return { worlds: numbers.size, violation: { claim: "done is final", world: show(moves, world) } };
        }
        const key = encode(one);
        let known = numbers.get(key);
        if (known === undefined) {
          known = numbers.size;
          numbers.set(key, known);
          following.push([known, one]);
        }
        edges.add(number, known);
      }
    }
    queue = following;
  }
  const stuck = edges.unreached(numbers.size, goals);
  const violation = stuck === undefined ? undefined : { claim: "progress", world: stuck };
  return { worlds: numbers.size, violation };
}

/** The claim that does not hold in a world. */
function broken(moves: Moves, world: World): string | undefined {
  const { model } = moves;
  const state = moves.recordOf(world)?.state;
  const failed = model.faults.failures - world.faults.failures;
  const stopped = model.faults.stops - world.faults.stops;
  if (world.containers.filter(({ running }) => running).length > 1) return "at most one acts";
  if (state === "done" && !world.succeeded) return "only what succeeded is done";
  if (world.begun > model.tries + stopped) return "tries are bounded";
  if (isQuiet(model) && world.begun > 1 + failed + stopped) return "it runs once";
  return hasEnded(moves, world) ? brokenAtTheEnd(moves, world) : undefined;
}

function brokenAtTheEnd(moves: Moves, world: World): string | undefined {
  const { model } = moves;
  const state = moves.recordOf(world)?.state;
  if (world.containers.some((one) => outcomeOf(moves, one) === "lost" && moves.verdictOf(one) === undefined)) {
    return "who did not lead does not lose";
  }
  const outcomes = world.containers
    .filter(({ alive, hurt }) => alive && !hurt)
    .map((one) => outcomeOf(moves, one))
    // Whoever lost the lock says that, and may; the others are told.
    .filter((outcome) => outcome !== "lost" || isQuiet(model));
  const succeeded = outcomes.filter((outcome) => !FAILURES.has(outcome));
  if (state === "failed" && succeeded.length > 0) return "a failure is told to all";
  if (state !== "done" && succeeded.length > 0) return "it ends with a verdict";
  const mayFail = model.faults.failures > 0;
  return state === "done" && succeeded.length < outcomes.length && !mayFail
    ? "nobody fails when it is done"
    : undefined;
}

const FAILURES: ReadonlySet<string> = new Set(["failed", "failed-elsewhere"]);

/** Nothing can go wrong beside the task itself, so nothing may be done twice. */
function isQuiet({ faults }: Model): boolean {
  return faults.deaths + faults.losses + faults.replies + faults.delays === 0;
}

function outcomeOf(moves: Moves, container: World["containers"][number]): string {
  const effect = moves.pending(container);
  return effect.type === "finish" ? effect.outcome.type : "";
}

function hasEnded(moves: Moves, { containers }: World): boolean {
  return containers.every((one) => !one.alive || outcomeOf(moves, one) !== "");
}

function forgetsDone(moves: Moves, before: World, after: World): boolean {
  return moves.recordOf(before)?.state === "done" && moves.recordOf(after)?.state !== "done";
}

function show(moves: Moves, world: World): unknown {
  const containers = world.containers.map((one) => ({ ...one, ...moves.locals.at(one.local) }));
  return { ...world, containers, record: moves.recordOf(world) };
}

/** Which world leads to which, in a few megabytes. */
class Edges {
  #from = new Int32Array(1 << 20);
  #to = new Int32Array(1 << 20);
  #count = 0;

  add(from: number, to: number): void {
    if (this.#count === this.#from.length) {
      this.#from = grown(this.#from);
      this.#to = grown(this.#to);
    }
    this.#from[this.#count] = from;
    this.#to[this.#count] = to;
    this.#count += 1;
  }

  /** A world from which no goal can be reached, if there is one. */
  unreached(size: number, goals: readonly number[]): number | undefined {
    const reached = new Uint8Array(size);
    for (const goal of goals) reached[goal] = 1;
    for (let changed = true; changed;) {
      changed = false;
      // Edges were found from the start on, so most of the way back is in the first round.
      for (let edge = this.#count - 1; edge >= 0; edge -= 1) {
        const from = this.#from[edge] ?? 0;
        if (reached[from] === 1 || reached[this.#to[edge] ?? 0] === 0) continue;
        reached[from] = 1;
        changed = true;
      }
    }
    const stuck = reached.indexOf(0);
    return stuck === -1 ? undefined : stuck;
  }
}

function grown(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 2);
  larger.set(array);
  return larger;
}
