import {
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  type ECSClient,
  ListTasksCommand,
  RunTaskCommand,
  type Service as EcsService,
  type Task,
  UpdateServiceCommand,
} from "@aws-sdk/client-ecs";

import type { MigrationTask } from "../decide/migration.ts";
import type { Service } from "../decide/rollout.ts";
import { DeployError } from "../errors.ts";
import { request } from "./failure.ts";

/** A run to start: a revision with another command, in the place of a service. */
export interface TaskWish {
  readonly service: string;
  readonly revision: string;
  readonly container: string;
  readonly command: readonly string[];
  /** By this name the run is found again. At most 36 characters. */
  readonly startedBy: string;
  /** The same token never starts a second run. */
  readonly token: string;
}

/** ECS, for one cluster. */
export class Ecs {
  readonly #client: ECSClient;
  readonly #cluster: string;

  constructor(client: ECSClient, cluster: string) {
    this.#client = client;
    this.#cluster = cluster;
  }

  async service(name: string): Promise<Service> {
    return read(await this.#describe(name));
  }

  /**
   * Gives a service a revision; the answer has the new deployment as its primary one. The revision that it has already makes
   * a new deployment only `again`.
   */
  async update(
    service: string,
    revision: string,
    how: { readonly desired?: number; readonly again: boolean },
  ): Promise<Service> {
    const { service: updated } = await request(`ecs:UpdateService ${service}`, () =>
      this.#client.send(
        new UpdateServiceCommand({
          cluster: this.#cluster,
          service,
          taskDefinition: revision,
          forceNewDeployment: how.again,
          ...(how.desired === undefined ? {} : { desiredCount: how.desired }),
        }),
      ),
    );
    return read(updated ?? {});
  }

  /** The runs that were started under a name, those that have stopped within the last hour too. */
  async tasks(startedBy: string): Promise<readonly MigrationTask[]> {
    const found: string[] = [];
    for (const desiredStatus of ["RUNNING", "STOPPED"] as const) {
      const { taskArns = [] } = await request("ecs:ListTasks", () =>
        this.#client.send(new ListTasksCommand({ cluster: this.#cluster, startedBy, desiredStatus })),
      );
      found.push(...taskArns);
    }
    return found.length === 0 ? [] : this.#tasks(found);
  }

  async task(arn: string): Promise<MigrationTask | undefined> {
    return (await this.#tasks([arn]))[0];
  }

  /**
   * Starts a run in the service's subnets and security groups.
   *
   * @throws DeployError DEPLOY_TASK_REFUSED
   */
  async start(wish: TaskWish): Promise<MigrationTask> {
    const { networkConfiguration, platformVersion } = await this.#describe(wish.service);
    const { tasks = [], failures = [] } = await request("ecs:RunTask", () =>
      this.#client.send(
        new RunTaskCommand({
          cluster: this.#cluster,
          taskDefinition: wish.revision,
          launchType: "FARGATE",
          platformVersion,
          networkConfiguration,
          startedBy: wish.startedBy,
          clientToken: wish.token,
          overrides: { containerOverrides: [{ name: wish.container, command: [...wish.command] }] },
        }),
      ),
    );
    const [task] = tasks.map(readTask);
    if (task !== undefined) return task;
    const reasons = failures.map(({ reason, detail }) => [reason, detail].filter(Boolean).join(": "));
    throw new DeployError(
      "DEPLOY_TASK_REFUSED",
      `The migration's task was not started: ${reasons.join(", ") || "ECS gave no reason"}.`,
    );
  }

  /** Where a container's log lies, and whether the revision can still be used. */
  async revision(arn: string, container: string): Promise<{ active: boolean; logGroup: string; streamPrefix: string }> {
    const { taskDefinition } = await request(`ecs:DescribeTaskDefinition ${arn}`, () =>
      this.#client.send(new DescribeTaskDefinitionCommand({ taskDefinition: arn })),
    );
    const options = taskDefinition?.containerDefinitions?.find(({ name }) => name === container)?.logConfiguration
      ?.options;
    return {
      active: taskDefinition?.status === "ACTIVE",
      logGroup: options?.["awslogs-group"] ?? "",
      streamPrefix: options?.["awslogs-stream-prefix"] ?? "",
    };
  }

  async #describe(name: string): Promise<EcsService> {
    const { services = [] } = await request(`ecs:DescribeServices ${name}`, () =>
      this.#client.send(new DescribeServicesCommand({ cluster: this.#cluster, services: [name] })),
    );
    const service = services.find(({ status }) => status === "ACTIVE");
    if (service === undefined)
      throw new DeployError("DEPLOY_SERVICE_MISSING", `Cluster ${this.#cluster} has no service ${name}.`);
    return service;
  }

  async #tasks(arns: readonly string[]): Promise<readonly MigrationTask[]> {
    const { tasks = [] } = await request("ecs:DescribeTasks", () =>
      this.#client.send(new DescribeTasksCommand({ cluster: this.#cluster, tasks: [...arns] })),
    );
    return tasks.map(readTask);
  }
}

function read({ serviceName = "", desiredCount = 0, deployments = [], events = [] }: EcsService): Service {
  return {
    name: serviceName,
    desired: desiredCount,
    events: events.map(({ message = "" }) => message),
    deployments: deployments.map((deployment) => ({
      id: deployment.id ?? "",
      status: deployment.status ?? "",
      revision: deployment.taskDefinition ?? "",
      rollout: deployment.rolloutState ?? "",
      reason: deployment.rolloutStateReason ?? "",
      desired: deployment.desiredCount ?? 0,
      running: deployment.runningCount ?? 0,
    })),
  };
}

function readTask({
  taskArn = "",
  taskDefinitionArn = "",
  lastStatus = "",
  containers = [],
  stoppedReason,
}: Task): MigrationTask {
  const exitCode = containers.find((container) => container.exitCode !== undefined)?.exitCode;
  const reason = containers.find((container) => container.reason !== undefined)?.reason ?? stoppedReason;
  return {
    arn: taskArn,
    revision: taskDefinitionArn,
    status: lastStatus,
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(reason === undefined ? {} : { reason }),
  };
}
