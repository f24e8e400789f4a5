import type { advance as protocol, Candidate, ElectionEffect } from "../../../src/election/protocol.ts";

/** How a back end keeps its lock: by a session that ends, or by a lease that runs out. */
export type Kind = "session" | "lease";

/** How often each fault may happen in one history. */
export interface Faults {
  readonly deaths: number;
  /** The back end ends a session, or a request never arrives. */
  readonly losses: number;
  /** A request is carried out, its answer is lost. */
  readonly replies: number;
  /** A request arrives after its sender has given it up. */
  readonly delays: number;
  /** A container is not scheduled for a tick. */
  readonly pauses: number;
  /** A clock misses a tick, or counts one too many. */
  readonly skews: number;
  readonly failures: number;
  /** A signal ends the start of a container whose task runs. */
  readonly stops: number;
}

export const NO_FAULTS: Faults = {
  deaths: 0,
  losses: 0,
  replies: 0,
  delays: 0,
  pauses: 0,
  skews: 0,
  failures: 0,
  stops: 0,
};

/** A container: where its candidate stands, and what the back end still has of it. Plain numbers, so that a world is small. */
export interface Container {
  /** Numbered: the candidate and the effect it waits for. */
  readonly local: number;
  readonly alive: boolean;
  /** Its task runs; for a moment also after its death. */
  readonly running: boolean;
  readonly paused: boolean;
  /** Its connection, as the back end sees it. */
  readonly session: boolean;
  /** An older connection of it that the back end still keeps. */
  readonly ghost: boolean;
  /** A record on its way that its sender has given up, plus one. */
  readonly late: number;
  /** Ticks by its own clock since a heartbeat of it was answered. */
  readonly quiet: number;
  /** It lost its lock, died or was stopped while it led: it need not be told how the election ended. */
  readonly hurt: boolean;
}

export interface World {
  readonly containers: readonly Container[];
  /** Who holds the lock: a container by its number from 1, its ghost by the number plus that of all. */
  readonly lock: number;
  /** What is remembered, by its number plus one; 0 for nothing. */
  readonly record: number;
  /** Ticks since the holder was last heard of. */
  readonly silent: number;
  /** How often the task was begun. */
  readonly begun: number;
  /** It has succeeded. */
  readonly succeeded: boolean;
  readonly faults: Faults;
}

/** What is given for one exploration. */
export interface Model {
  readonly kind: Kind;
  readonly size: number;
  readonly faults: Faults;
  readonly tries: number;
  /** In ticks: when a leader stops, and when another takes over. */
  readonly lost: number;
  readonly lease: number;
  readonly advance: typeof protocol;
}

/** A value for each number and back. */
export class Numbered<T> {
  readonly values: T[] = [];
  readonly #numbers = new Map<string, number>();

  numberOf(value: T): number {
    const key = JSON.stringify(value);
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.#numbers.set(key, this.values.length);
    return this.values.push(value) - 1;
  }

  at(number: number): T {
    const value = this.values[number];
    if (value === undefined) throw new Error(`nothing has the number ${String(number)}`);
    return value;
  }
}

export interface Local {
  readonly candidate: Candidate;
  readonly pending: ElectionEffect;
}

const FAULTS = ["deaths", "losses", "replies", "delays", "pauses", "skews", "failures", "stops"] as const;

/** A world as a short text: three characters for each container and three for the rest. */
export function encode({ containers, faults, ...rest }: World): string {
  let text = "";
  for (const one of containers) {
    const flags = (bit(one.alive) << 5) | (bit(one.running) << 4) | (bit(one.paused) << 3) | (bit(one.session) << 2);
    const both = flags | (bit(one.ghost) << 1) | bit(one.hurt);
    text += String.fromCharCode(one.local, both, one.late * 16 + one.quiet);
  }
  let left = 0;
  for (const name of FAULTS) left = left * 4 + faults[name];
  const { lock, silent, record, begun, succeeded } = rest;
  return text + String.fromCharCode(lock * 16 + silent, (record * 8 + begun) * 2 + bit(succeeded), left);
}

function bit(flag: boolean): number {
  return flag ? 1 : 0;
}

/** The world with one container changed. */
export function put(world: World, index: number, change: Partial<Container>): World {
  return { ...world, containers: world.containers.with(index, { ...containerAt(world, index), ...change }) };
}

export function containerAt(world: World, index: number): Container {
  const container = world.containers[index];
  if (container === undefined) throw new Error(`there is no container ${String(index)}`);
  return container;
}

/** The world with a fault used up; `undefined` when there is none left. */
export function spend(world: World, fault: keyof Faults): World | undefined {
  if (world.faults[fault] === 0) return undefined;
  return { ...world, faults: { ...world.faults, [fault]: world.faults[fault] - 1 } };
}
