import type { FakeClock } from "./fake-clock.ts";

/** How a task that is started goes. */
export interface TaskScript {
  readonly lastsMs: number;
  /** Absent where the container never runs. */
  readonly exitCode?: number;
  readonly reason?: string;
  readonly lines: readonly string[];
  /** How much later than the task's end its last line arrives. */
  readonly logDelayMs: number;
}

interface Row {
  readonly arn: string;
  readonly revision: string;
  readonly startedBy: string;
  readonly token: string;
  readonly since: number;
  readonly script: TaskScript;
  readonly command: readonly string[];
}

/** One-off tasks of ECS and their logs. */
export class TasksDouble {
  script: TaskScript = { lastsMs: 10_000, exitCode: 0, lines: ["Current version: 20260415090000"], logDelayMs: 0 };
  readonly rows: Row[] = [];
  readonly #clock: FakeClock;

  constructor(clock: FakeClock) {
    this.#clock = clock;
  }

  run(input: { taskDefinition: string; startedBy: string; clientToken: string; command: readonly string[] }): unknown {
    const { taskDefinition: revision, startedBy, clientToken: token, command } = input;
    const known = this.rows.find((row) => row.token === token);
    if (known !== undefined) return this.#describe(known);
    const arn = `arn:aws:ecs:r:1:task/proff-prod/task${this.rows.length + 1}`;
    const row = { arn, revision, startedBy, token, command, since: this.#clock.now(), script: this.script };
    this.rows.push(row);
    return this.#describe(row);
  }

  list(startedBy: string, status: string): readonly string[] {
    return this.rows
      .filter((row) => row.startedBy === startedBy && this.#stopped(row) === (status === "STOPPED"))
      .map(({ arn }) => arn);
  }

  describe(arns: readonly string[]): readonly unknown[] {
    return this.rows.filter(({ arn }) => arns.includes(arn)).map((row) => this.#describe(row));
  }

  /** Lines that a stream has by now: they are spread over the task's time. */
  lines(stream: string): readonly string[] | undefined {
    const row = this.rows.find(({ arn }) => stream.endsWith(arn.slice(arn.lastIndexOf("/") + 1)));
    if (row === undefined) return undefined;
    const { lines, lastsMs, logDelayMs } = row.script;
    const age = this.#clock.now() - row.since;
    return lines.filter(
      (_, index) => age >= ((index + 1) / lines.length) * lastsMs + (index === lines.length - 1 ? logDelayMs : 0),
    );
  }

  #stopped(row: Row): boolean {
    return this.#clock.now() - row.since >= row.script.lastsMs;
  }

  #describe(row: Row): unknown {
    const stopped = this.#stopped(row);
    const { exitCode, reason } = row.script;
    return {
      taskArn: row.arn,
      taskDefinitionArn: row.revision,
      lastStatus: stopped ? "STOPPED" : "RUNNING",
      stoppedReason: stopped ? (reason ?? "Essential container in task exited") : undefined,
      containers: [{ name: "web", ...(stopped && exitCode !== undefined ? { exitCode } : {}) }],
    };
  }
}
