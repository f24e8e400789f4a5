import type { Browser } from "puppeteer-core";

import { Refusal } from "../refusal.ts";
import { within } from "../within.ts";
import type { CrashWatch } from "./crash-watch.ts";
import { verdictOn, type LifeLimits } from "./life.ts";
import { startBrowser, type RunningBrowser } from "./running-browser.ts";

const WATCH_MS = 1000;

/** Why a browser was replaced. */
export type EndReason = "crash" | "memory" | "prints" | "stuck";

/** A browser that a page may be opened in, until it is given back. */
export interface Lease {
  readonly browser: Browser;
  readonly crashes: CrashWatch;
  /** Says that the browser does not answer: it gets no more pages. */
  retire(): void;
  release(): void;
}

interface Member {
  readonly running: RunningBrowser;
  printed: number;
  leases: number;
  retired: boolean;
}

/**
 * One browser for all pages, started when it is needed first and replaced as `life.ts` says. One that retires finishes its
 * pages beside its successor.
 */
export class Fleet {
  readonly ends: Record<EndReason, number> = { crash: 0, memory: 0, prints: 0, stuck: 0 };
  readonly #executable: string;
  readonly #limits: LifeLimits;
  readonly #members = new Set<Member>();
  readonly #watch: NodeJS.Timeout;
  #current: Promise<Member> | undefined;
  memoryBytes = 0;
  starts = 0;
  /** Why the last attempt to start a browser failed. */
  fault: string | undefined;

  constructor(executable: string, limits: LifeLimits) {
    this.#executable = executable;
    this.#limits = limits;
    this.#watch = setInterval(() => void this.#look(), WATCH_MS).unref();
  }

  /** Opens the browser ahead of the first page. */
  async warm(): Promise<void> {
    await this.#member();
  }

  /** Starts a browser if there is none. Rejects with the signal's reason when nobody waits for it any more. */
  async lease(signal: AbortSignal): Promise<Lease> {
    const member = await within(signal, this.#member());
    member.printed += 1;
    member.leases += 1;
    if (verdictOn({ printed: member.printed, memoryBytes: 0 }, this.#limits).kind !== "keep")
      this.#retire(member, "prints");
    return {
      browser: member.running.browser,
      crashes: member.running.crashes,
      retire: () => this.#retire(member, "stuck"),
      release: () => {
        member.leases -= 1;
        this.#closeIfDone(member);
      },
    };
  }

  /** Ends every browser. */
  async close(): Promise<void> {
    clearInterval(this.#watch);
    await this.#current?.catch(() => undefined);
    await Promise.all([...this.#members].map(({ running }) => running.close()));
  }

  #member(): Promise<Member> {
    this.#current ??= this.#start().catch((error: unknown) => {
      this.#current = undefined;
      this.fault = String(error);
      throw new Refusal("PDF_BROWSER_LOST", "no browser could be started", { cause: error });
    });
    return this.#current;
  }

  async #start(): Promise<Member> {
    const running = await startBrowser(this.#executable);
    const member: Member = { running, printed: 0, leases: 0, retired: false };
    this.starts += 1;
    this.fault = undefined;
    this.#members.add(member);
    void this.#forgetAtEnd(member);
    running.browser.once("disconnected", () => this.#retire(member, "crash"));
    return member;
  }

  async #forgetAtEnd(member: Member): Promise<void> {
    await member.running.ended;
    this.#members.delete(member);
    this.#retire(member, "crash");
  }

  /** Takes a browser out of use; the next page gets another one. */
  #retire(member: Member, reason: EndReason): void {
    if (member.retired) return;
    member.retired = true;
    this.ends[reason] += 1;
    this.#current = undefined;
    this.#closeIfDone(member);
  }

  #closeIfDone(member: Member): void {
    if (member.retired && member.leases === 0) void member.running.close();
  }

  async #look(): Promise<void> {
    const sizes = await Promise.all(
      [...this.#members].map(async (member) => {
        const memoryBytes = await member.running.memory().catch(() => 0);
        const verdict = verdictOn({ printed: 0, memoryBytes }, this.#limits);
        if (verdict.kind !== "keep") this.#retire(member, verdict.reason);
        if (verdict.kind === "kill") member.running.kill();
        return memoryBytes;
      }),
    );
    this.memoryBytes = sizes.reduce((sum, size) => sum + size, 0);
  }
}
