import { awsPartition } from "../config/aws-partition.ts";
import { variable, type Environment } from "../config/environment.ts";
import { AssetSyncError, messageOf } from "../errors.ts";
import { awsService } from "../store/aws-service.ts";
import type { RunningSource, RunningTask } from "./running-images.ts";

/** A service of a cluster: what `ecs:CLUSTER/SERVICE` names. */
export interface EcsService {
  readonly cluster: string;
  readonly service: string;
}

/**
 * The service that `ecs:CLUSTER/SERVICE` names.
 *
 * @throws AssetSyncError ASSET_SYNC_OPTION_INVALID
 */
export function ecsService(words: string): EcsService {
  const [, cluster, service] = /^ecs:([\w-]+)\/([\w-]+)$/.exec(words) ?? [];
  if (cluster !== undefined && service !== undefined) return { cluster, service };
  throw new AssetSyncError(
    "ASSET_SYNC_OPTION_INVALID",
    `--running-from ${JSON.stringify(words)}: expected ecs:CLUSTER/SERVICE.`,
  );
}

const TASKS_AT_ONCE = 100;
const SILENCE_MS = 30_000;

/**
 * The task definitions that a service runs or is on its way to or from: those of its deployments and task sets, and of
 * every task that is there or was stopped a while ago, as a draining one still serves.
 */
export function ecsTasks(place: EcsService, environment: Environment, region: string | undefined): RunningSource {
  return async (signal) => {
    const ask = ecsClient(place, environment, region, signal);
    const definitions = new Set([...(await serviceDefinitions(place, ask)), ...(await taskDefinitions(place, ask))]);
    return Promise.all([...definitions].map((arn) => definitionImages(arn, ask)));
  };
}

/** Calls an operation: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Operations.html */
type Ask = (operation: string, input: object) => Promise<unknown>;

async function serviceDefinitions({ cluster, service }: EcsService, ask: Ask): Promise<readonly string[]> {
  const answer = await ask("DescribeServices", { cluster, services: [service] });
  const found = rows(answer, "services");
  if (found.length !== 1) throw unreadable({ cluster, service }, "there is no such service");
  return found.flatMap((one) =>
    [one, ...rows(one, "deployments"), ...rows(one, "taskSets")].flatMap((row) => texts(row, "taskDefinition")),
  );
}

async function taskDefinitions({ cluster, service }: EcsService, ask: Ask): Promise<readonly string[]> {
  const found: string[] = [];
  for (const desiredStatus of ["RUNNING", "STOPPED"]) {
    let nextToken: string | undefined;
    do {
      const page = await ask("ListTasks", { cluster, serviceName: service, desiredStatus, nextToken });
      const tasks = texts(page, "taskArns").slice(0, TASKS_AT_ONCE);
      if (tasks.length > 0) {
        const described = await ask("DescribeTasks", { cluster, tasks });
        found.push(...rows(described, "tasks").flatMap((task) => texts(task, "taskDefinitionArn")));
      }
      [nextToken] = texts(page, "nextToken");
    } while (nextToken !== undefined);
  }
  return found;
}

async function definitionImages(name: string, ask: Ask): Promise<RunningTask> {
  const answer = await ask("DescribeTaskDefinition", { taskDefinition: name });
  const [definition] = rows({ list: [member(answer, "taskDefinition")] }, "list");
  return { name, images: rows(definition, "containerDefinitions").flatMap((container) => texts(container, "image")) };
}

function ecsClient(
  place: EcsService,
  environment: Environment,
  region: string | undefined,
  signal: AbortSignal | undefined,
): Ask {
  const where = region ?? variable(environment, "AWS_REGION", "AWS_DEFAULT_REGION");
  if (where === undefined) throw unreadable(place, "no region is known; give --region or set AWS_REGION");
  const { domain } = awsPartition(where);
  const endpoint = variable(environment, "AWS_ENDPOINT_URL_ECS") ?? `https://ecs.${where}.${domain}`;
  const service = awsService({ service: "ecs", region: where, endpoint, limit: SILENCE_MS }, environment);
  return async (operation, input) => {
    const headers = {
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": `AmazonEC2ContainerServiceV20141113.${operation}`,
    };
    const request = { path: "/", headers, body: JSON.stringify(input) };
    const { status, body } = await service.post(request, signal).catch((cause: unknown) => {
      throw unreadable(place, `${operation} got no answer (${messageOf(cause)})`);
    });
    if (status !== 200) throw unreadable(place, `${operation} was answered ${status} ${body.slice(0, 300)}`);
    return JSON.parse(body) as unknown;
  };
}

function member(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined;
}

function rows(value: unknown, name: string): readonly unknown[] {
  const list = member(value, name);
  return Array.isArray(list) ? list : [];
}

/** The text, or the list of texts, that is there. */
function texts(value: unknown, name: string): readonly string[] {
  return [member(value, name)].flat().filter((one) => typeof one === "string");
}

function unreadable({ cluster, service }: EcsService, reason: string): AssetSyncError {
  return new AssetSyncError("ASSET_SYNC_RUNNING_UNREADABLE", `What runs in ecs:${cluster}/${service}: ${reason}.`);
}
