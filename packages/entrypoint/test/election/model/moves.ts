import {
  begin,
  type ElectionEffect,
  type ElectionEvent,
  type ElectionRecord,
  type Reading,
} from "../../../src/election/protocol.ts";
import { containerAt, Numbered, put, spend, type Container, type Local, type Model, type World } from "./world.ts";

/** All that can happen in a model's worlds. */
export class Moves {
  readonly model: Model;
  readonly locals: Numbered<Local> = new Numbered();
  readonly records: Numbered<ElectionRecord> = new Numbered();
  readonly #fed = new Map<number, number>();
  readonly #events = new Map<string, number>();

  constructor(model: Model) {
    this.model = model;
  }

  start(): World {
    const { candidate, effect } = begin();
    if (effect === undefined) throw new Error("a candidate begins with an effect");
    const container: Container = {
      local: this.locals.numberOf({ candidate, pending: effect }),
      alive: true,
      running: false,
      paused: false,
      session: false,
      ghost: false,
      late: 0,
      quiet: 0,
      hurt: false,
    };
    const containers = Array.from({ length: this.model.size }, () => container);
    return { containers, lock: 0, record: 0, silent: 0, begun: 0, succeeded: false, faults: this.model.faults };
  }

  /** Every world that one step leads to. */
  next(world: World): World[] {
    const found = this.#tick(world);
    for (let index = 0; index < world.containers.length; index += 1) {
      const container = containerAt(world, index);
      found.push(...this.#remains(world, index, container));
      if (!container.alive) continue;
      if (container.paused) {
        found.push(put(world, index, { paused: false }));
        continue;
      }
      if (this.pending(container).type !== "finish") found.push(...this.#steps(world, index, container));
    }
    return found;
  }

  pending({ local }: Container): ElectionEffect {
    return this.locals.at(local).pending;
  }

  verdictOf({ local }: Container): unknown {
    return this.locals.at(local).candidate.verdict;
  }

  recordOf(world: World): ElectionRecord | undefined {
    return world.record === 0 ? undefined : this.records.at(world.record - 1);
  }

  /** What goes on without the container: its task is killed after its death, its old connection ends, a late request arrives. */
  #remains(world: World, index: number, { alive, running, ghost, late }: Container): World[] {
    const found: World[] = [];
    const ghostNumber = index + 1 + this.model.size;
    if (!alive && running) found.push(put(world, index, { running: false }));
    if (ghost) {
      const lock = world.lock === ghostNumber ? 0 : world.lock;
      found.push({ ...put(world, index, { ghost: false, late: 0 }), lock });
    }
    const mine = this.model.kind === "session" ? ghost : world.lock === index + 1;
    if (late > 0 && mine) found.push({ ...put(world, index, { late: 0 }), record: late, silent: 0 });
    return found;
  }

  #steps(world: World, index: number, container: Container): World[] {
    const { type } = this.pending(container);
    const found = [...this.#carryOut(world, index), ...this.#faults(world, index, container)];
    if (type === "act" && container.running && container.quiet >= this.model.lost) {
      found.push(this.#feed(world, index, { type: "lost", reason: "" }));
    }
    return found;
  }

  // oxlint-disable-next-line complexity -- one case for each fault
  #faults(world: World, index: number, container: Container): World[] {
    const found: World[] = [];
    const dead = spend(world, "deaths");
    if (dead !== undefined) found.push(...this.#leave(put(dead, index, { alive: false, hurt: true }), index));
    const paused = spend(world, "pauses");
    if (paused !== undefined) found.push(put(paused, index, { paused: true }));
    const { type } = this.pending(container);
    if (type === "stop-task" || type === "wait-silent") return found;
    const cut = spend(world, "losses");
    if (cut !== undefined && container.session) found.push(...this.#cut(cut, index, type === "act"));
    const lost = spend(world, "replies");
    if (lost !== undefined && type !== "act" && type !== "connect" && type !== "wait-free") {
      for (const done of this.#carryOut(lost, index, true)) found.push(done);
    }
    const late = spend(world, "delays");
    const record = this.#written(world, index);
    if (late !== undefined && record > 0) {
      found.push(this.#feed(this.#orphan(put(late, index, { late: record }), index), index, LOST));
    }
    return found;
  }

  /** The back end ends the session. A leader may notice at once, or only when its heartbeats stay without answer. */
  #cut(world: World, index: number, acts: boolean): World[] {
    const lock = world.lock === index + 1 && this.model.kind === "session" ? 0 : world.lock;
    const gone = { ...put(world, index, { session: false, hurt: true }), lock };
    return acts ? [gone, this.#feed(gone, index, LOST)] : [gone];
  }

  /** A container that ends its connection, or ends: the back end notices now or later. */
  #leave(world: World, index: number): World[] {
    const freed = { ...put(world, index, { session: false }), lock: world.lock === index + 1 ? 0 : world.lock };
    if (this.model.kind === "lease") return containerAt(world, index).alive ? [freed, world] : [world];
    return containerAt(world, index).session ? [freed, this.#orphan(world, index)] : [freed];
  }

  /** The session goes on without its client. */
  #orphan(world: World, index: number): World {
    const { session } = containerAt(world, index);
    if (this.model.kind === "lease" || !session) return put(world, index, { session: false });
    const lock = world.lock === index + 1 ? index + 1 + this.model.size : world.lock;
    return { ...put(world, index, { session: false, ghost: true }), lock };
  }

  /** The lock is this container's, as far as the back end can tell it. */
  #holds(world: World, index: number): boolean {
    return world.lock === index + 1 && containerAt(world, index).session;
  }

  /** The pending effect is carried out. With `deaf` its answer is lost. */
  // oxlint-disable-next-line complexity -- one case for each effect
  #carryOut(world: World, index: number, deaf = false): World[] {
    const container = containerAt(world, index);
    const effect = this.pending(container);
    const answer = (after: World, event: ElectionEvent): World[] =>
      deaf ? [this.#feed(this.#orphan(after, index), index, LOST)] : [this.#feed(after, index, event)];
    if (effect.type === "connect") return this.#connect(world, index);
    if (effect.type === "act") return this.#act(world, index);
    if (effect.type === "stop-task") return [this.#feed(put(world, index, { running: false }), index, STOPPED)];
    if (effect.type === "wait-silent") return [this.#feed(world, index, { type: "waited" })];
    if (!container.session) return [this.#feed(world, index, LOST)];
    if (effect.type === "wait-free") return this.#isFree(world, index) ? answer(world, { type: "free" }) : [];
    if (effect.type === "read") return answer(world, { type: "read", ...this.#seen(world, index) });
    if (effect.type === "try-lock") {
      const free = this.#isFree(world, index);
      const skewed = this.model.kind === "lease" && !free && world.silent + 1 >= this.model.lease;
      const early = skewed ? spend(world, "skews") : undefined;
      const won = (from: World): World[] => answer({ ...from, lock: index + 1, silent: this.#afterLock(from) }, LOCKED);
      return [...(free ? won(world) : answer(world, { type: "busy" })), ...(early === undefined ? [] : won(early))];
    }
    const record = this.#written(world, index);
    if (record === 0) return [this.#feed(world, index, LOST)];
    return answer({ ...put(this.#forget(world), index, { quiet: 0 }), record, silent: 0 }, { type: "recorded" });
  }

  /** In a session's back end the lock and who was heard of are two things, in a lease's one. */
  #afterLock({ silent }: World): number {
    return this.model.kind === "lease" ? 0 : silent;
  }

  /** A write by comparison fails when the record has changed since it was read: what is still on its way is void. */
  #forget(world: World): World {
    if (this.model.kind === "session") return world;
    return { ...world, containers: world.containers.map((one) => ({ ...one, late: 0 })) };
  }

  #connect(world: World, index: number): World[] {
    return this.#leave(world, index).map((left) => this.#feed(put(left, index, { session: true }), index, CONNECTED));
  }

  #act(world: World, index: number): World[] {
    const { running, quiet } = containerAt(world, index);
    if (!running) {
      if (quiet >= this.model.lost) return [this.#feed(world, index, LOST)];
      return [{ ...put(world, index, { running: true }), begun: Math.min(world.begun + 1, 7) }];
    }
    const ended = put(world, index, { running: false });
    const done = this.#feed({ ...ended, succeeded: true }, index, { type: "succeeded" });
    const failed = spend(ended, "failures");
    const stopped = spend(put(ended, index, { hurt: true }), "stops");
    return [
      done,
      ...(failed === undefined ? [] : [this.#feed(failed, index, FAILED)]),
      ...(stopped === undefined ? [] : [this.#feed(stopped, index, STOPPED)]),
    ];
  }

  #isFree({ lock, silent }: World, index: number): boolean {
    if (this.model.kind === "session") return lock === 0 || lock === index + 1;
    return lock === 0 || lock === index + 1 || silent >= this.model.lease;
  }

  /** What the back end shows: who has its lease has waited for the silence already. */
  #seen(world: World, index: number): Reading {
    const record = this.recordOf(world);
    const over = this.model.kind === "lease" && world.lock === index + 1;
    const silentMs = record?.state === "running" && !over ? world.silent : this.model.lease;
    return { record, silentMs };
  }

  /** What the pending effect writes, plus one; 0 when it writes nothing or may not. */
  #written(world: World, index: number): number {
    const effect = this.pending(containerAt(world, index));
    const before = this.recordOf(world);
    if (!(effect.type in STATES) || !("failures" in effect)) return 0;
    const state = STATES[effect.type];
    if (this.model.kind === "lease" && world.lock !== index + 1) return 0;
    const mine = before?.state === "running" && (before.holder === String(index) || state === "failed");
    if (state !== "running" && !mine) return 0;
    const message = state === "failed" ? "no" : "";
    const written = {
      state,
      holder: String(index),
      failures: effect.failures,
      message,
      exitCode: 0,
      seconds: 0,
    };
    return this.records.numberOf(written) + 1;
  }

  #feed(world: World, index: number, event: ElectionEvent): World {
    const { local } = containerAt(world, index);
    const key = local * 4_096 + this.#eventNumber(event);
    const known = this.#fed.get(key) ?? this.#advance(local, event);
    this.#fed.set(key, known);
    const moved = put(world, index, { local: known });
    // Who has ended gives everything up; that a lease is left behind is a fault, and those are tried elsewhere.
    if (this.locals.at(known).pending.type !== "finish") return moved;
    const lock = moved.lock === index + 1 ? 0 : moved.lock;
    return { ...put(moved, index, { session: false }), lock };
  }

  /** A small number for each event; only what is read differs from one of its type to another. */
  #eventNumber(event: ElectionEvent): number {
    const read = event.type === "read" ? event.record : undefined;
    const silence = event.type === "read" ? String(event.silentMs) : "";
    const key = read === undefined ? event.type : `${read.state} ${read.holder} ${String(read.failures)} ${silence}`;
    const known = this.#events.get(key) ?? this.#events.size;
    this.#events.set(key, known);
    return known;
  }

  #advance(local: number, event: ElectionEvent): number {
    const { model } = this;
    const rules = { remember: true, tries: model.tries, leaseMs: model.lease };
    const { candidate, effect } = model.advance(this.locals.at(local).candidate, event, rules);
    if (effect === undefined) throw new Error(`${candidate.phase} leads nowhere`);
    return this.locals.numberOf({ candidate, pending: effect });
  }

  /**
   * Time goes on, but for what has to happen first. A leader whose connection works has been heard of and knows it; a
   * heartbeat or its answer may be lost, and one clock may miss the tick.
   */
  #tick(world: World): World[] {
    if (world.containers.some((one, index) => this.#isUrgent(world, one, index))) return [];
    const containers = world.containers.map((one) => ({
      ...one,
      paused: false,
      quiet: this.#counts(one) ? Math.min(one.quiet + 1, this.model.lost + 1) : 0,
    }));
    const later: World = { ...world, containers, silent: Math.min(world.silent + 1, this.model.lease) };
    const beating = world.containers.findIndex((one, index) => this.#beats(world, one, index));
    const heard = beating === -1 ? later : { ...put(later, beating, { quiet: 0 }), silent: 0 };
    const found = [heard];
    if (beating !== -1) {
      const unheard = spend(later, "losses");
      const unanswered = spend(later, "replies");
      if (unheard !== undefined) found.push(unheard);
      if (unanswered !== undefined) found.push({ ...unanswered, silent: 0 });
    }
    const slow = spend(later, "skews");
    if (slow === undefined) return found;
    const missed = world.containers.flatMap((one, index) =>
      this.#counts(one) && index !== beating ? [put(slow, index, { quiet: one.quiet })] : [],
    );
    return [...found, ...missed];
  }

  #beats(world: World, one: Container, index: number): boolean {
    return one.alive && !one.paused && this.pending(one).type === "act" && this.#holds(world, index);
  }

  #counts(one: Container): boolean {
    return one.alive && (one.running || this.pending(one).type === "act");
  }

  /**
   * What takes less than a tick: a task is killed after its container, a leader that has to stop its task does, and who
   * holds the lock asks and writes without delay.
   */
  #isUrgent(world: World, one: Container, index: number): boolean {
    if (!one.alive) return one.running;
    if (one.paused) return false;
    const { type } = this.pending(one);
    if (type === "act" && one.running) return one.quiet >= this.model.lost;
    if (type === "stop-task") return one.running && one.quiet >= this.model.lost + 1;
    return type !== "wait-silent" && type !== "finish" && this.#holds(world, index);
  }
}

const LOST: ElectionEvent = { type: "lost", reason: "" };
const STOPPED: ElectionEvent = { type: "interrupted" };
const LOCKED: ElectionEvent = { type: "locked" };
const CONNECTED: ElectionEvent = { type: "connected" };
const FAILED: ElectionEvent = { type: "failed", failure: { message: "no", exitCode: 1 } };

const STATES = {
  "record-running": "running",
  "record-stopped": "stopped",
  "record-done": "done",
  "record-failed": "failed",
} as const;
