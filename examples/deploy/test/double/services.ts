import type { FakeClock } from "./fake-clock.ts";

/** What happens to a deployment once it is asked for. */
export type Fate = "completes" | "fails" | "is replaced";

interface Row {
  id: string;
  status: "PRIMARY" | "ACTIVE";
  taskDefinition: string;
  rolloutState: "IN_PROGRESS" | "COMPLETED" | "FAILED";
  rolloutStateReason: string;
  desiredCount: number;
  runningCount: number;
  since: number;
}

const ROLLOUT_MS = 90_000;

/** A service of ECS: its deployments as they move on with time. */
export class ServiceDouble {
  readonly name: string;
  fate: Fate = "completes";
  desired = 0;
  readonly #clock: FakeClock;
  #rows: Row[] = [];
  #events: string[] = [];
  #count = 0;

  constructor(name: string, clock: FakeClock) {
    this.name = name;
    this.#clock = clock;
  }

  /** The revision that the service has already makes no deployment unless it is forced. */
  update(revision: string, desired: number | undefined, force: boolean): void {
    this.desired = desired ?? this.desired;
    if (this.#rows[0]?.taskDefinition === revision && !force) return;
    for (const row of this.#rows) row.status = "ACTIVE";
    this.#rows.unshift(this.#row(revision, "IN_PROGRESS", 0));
  }

  describe(): unknown {
    this.#moveOn();
    return {
      serviceName: this.name,
      status: "ACTIVE",
      desiredCount: this.desired,
      platformVersion: "1.4.0",
      networkConfiguration: { awsvpcConfiguration: { subnets: ["subnet-1"], securityGroups: [`sg-${this.name}`] } },
      deployments: this.#rows,
      events: this.#events.map((message, index) => ({ id: String(index), message })),
    };
  }

  #moveOn(): void {
    const [newest, ...older] = this.#rows;
    if (newest === undefined || newest.rolloutState !== "IN_PROGRESS") return;
    if (this.#clock.now() - newest.since < ROLLOUT_MS) return;
    if (this.fate === "completes") this.#complete(newest);
    else if (this.fate === "is replaced")
      this.#rows = [this.#row("arn:aws:ecs:r:1:task-definition/somebody-elses:1", "IN_PROGRESS", 0)];
    else
      this.#fail(
        newest,
        older.find(({ runningCount }) => runningCount > 0),
      );
  }

  #complete(row: Row): void {
    row.rolloutState = "COMPLETED";
    row.runningCount = this.desired;
    this.#rows = [row];
  }

  /** The circuit breaker: back to the last completed deployment where there is one. */
  #fail(row: Row, before: Row | undefined): void {
    row.rolloutState = "FAILED";
    row.rolloutStateReason = "ECS deployment circuit breaker: tasks failed to start.";
    this.#events.unshift(`(service ${this.name}) deployment ${row.id} deployment failed: tasks failed to start.`);
    if (before === undefined) return;
    const back = this.#row(before.taskDefinition, "COMPLETED", this.desired);
    back.rolloutStateReason = `ECS deployment circuit breaker: rolling back to deploymentId ${before.id}.`;
    this.#rows = [back];
    this.#events.unshift(`(service ${this.name}) rolling back to deployment ${before.id}.`);
  }

  #row(taskDefinition: string, rolloutState: Row["rolloutState"], runningCount: number): Row {
    this.#count += 1;
    return {
      id: `ecs-svc/${this.name}-${this.#count}`,
      status: "PRIMARY",
      taskDefinition,
      rolloutState,
      rolloutStateReason: "",
      desiredCount: this.desired,
      runningCount,
      since: this.#clock.now(),
    };
  }
}
