import { text } from "node:stream/consumers";

import { startLoopbackServer, type LoopbackServer } from "@slipway/testkit";

import type { FakeClock } from "./fake-clock.ts";
import { ServiceDouble } from "./services.ts";
import { TasksDouble } from "./tasks.ts";

/** An answer that is an error of AWS's JSON protocol. */
export interface Refusal {
  readonly status: number;
  readonly type: string;
  readonly message: string;
}

type Input = Readonly<Record<string, unknown>>;
type Handler = (input: Input) => unknown;

const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** ECS, ECR, SSM and CloudWatch Logs as they answer over HTTP, in so far as a deployment asks them. */
export class AwsDouble implements AsyncDisposable {
  readonly requests: string[] = [];
  readonly services: Readonly<Record<string, ServiceDouble>>;
  readonly tasks: TasksDouble;
  readonly parameters: string[] = [];
  /** Tags by `repository@digest`. */
  readonly images = new Map<string, Set<string>>();
  readonly inactive = new Set<string>();
  /** Services that Terraform has not made. */
  readonly missing = new Set<string>();
  hasCapacity = true;
  /** Answers with an error instead: asked for each request, after it was counted. */
  refuse: (operation: string, count: number) => Refusal | undefined = () => undefined;
  #server: LoopbackServer | undefined;

  private constructor(clock: FakeClock) {
    this.services = Object.fromEntries(["web", "worker", "pdf"].map((name) => [name, new ServiceDouble(name, clock)]));
    this.tasks = new TasksDouble(clock);
  }

  static async start(clock: FakeClock): Promise<AwsDouble> {
    const double = new AwsDouble(clock);
    double.#server = await startLoopbackServer((request, response) => {
      void (async () => {
        const operation = String(request.headers["x-amz-target"]).split(".").at(-1) ?? "";
        const { status, body } = double.#answer(operation, JSON.parse((await text(request)) || "{}") as Input);
        response.writeHead(status, { "content-type": "application/x-amz-json-1.1", "x-amzn-requestid": "1" });
        response.end(JSON.stringify(body));
      })();
    });
    return double;
  }

  get endpoint(): string {
    return this.#server?.endpoint ?? "";
  }

  /** How often an operation was asked for. */
  count(operation: string): number {
    return this.requests.filter((name) => name === operation).length;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server?.[Symbol.asyncDispose]();
  }

  #answer(operation: string, input: Input): { readonly status: number; readonly body: unknown } {
    this.requests.push(operation);
    const refusal = this.refuse(operation, this.count(operation));
    if (refusal !== undefined) return refused(refusal);
    const answer = this.#handlers[operation]?.(input);
    if (answer === undefined) return refused({ status: 400, type: "UnknownOperationException", message: operation });
    return isRefusal(answer) ? refused(answer) : { status: 200, body: answer };
  }

  readonly #handlers: Readonly<Record<string, Handler>> = {
    DescribeServices: ({ services }) => ({
      services: (services as string[]).flatMap((name) =>
        this.missing.has(name) ? [] : (this.services[name]?.describe() ?? []),
      ),
    }),
    UpdateService: ({ service, taskDefinition, desiredCount, forceNewDeployment }) => {
      const found = this.services[service as string];
      found?.update(taskDefinition as string, desiredCount as number | undefined, forceNewDeployment === true);
      return { service: found?.describe() };
    },
    DescribeTaskDefinition: ({ taskDefinition }) => {
      const arn = taskDefinition as string;
      const name = /-([a-z]+):\d+$/.exec(arn)?.[1];
      const options = { "awslogs-group": `/proff/prod/${name}`, "awslogs-stream-prefix": name };
      const containerDefinitions = [{ name, logConfiguration: { logDriver: "awslogs", options } }];
      return {
        taskDefinition: {
          taskDefinitionArn: arn,
          status: this.inactive.has(arn) ? "INACTIVE" : "ACTIVE",
          containerDefinitions,
        },
      };
    },
    RunTask: (input) => {
      if (!this.hasCapacity) return { tasks: [], failures: [{ reason: "Capacity is unavailable at this time" }] };
      const overrides = input["overrides"] as { containerOverrides: { command: string[] }[] };
      return {
        tasks: [
          this.tasks.run({
            ...(input as unknown as Parameters<TasksDouble["run"]>[0]),
            command: overrides.containerOverrides[0]?.command ?? [],
          }),
        ],
        failures: [],
      };
    },
    ListTasks: ({ startedBy, desiredStatus }) => ({
      taskArns: this.tasks.list(startedBy as string, desiredStatus as string),
    }),
    DescribeTasks: ({ tasks }) => ({ tasks: this.tasks.describe(tasks as string[]) }),
    GetLogEvents: ({ logStreamName, nextToken }) => {
      const lines = this.tasks.lines(logStreamName as string);
      if (lines === undefined) return { status: 400, type: "ResourceNotFoundException", message: "no such stream" };
      const from = Number(nextToken ?? 0);
      return {
        events: lines.slice(from).map((message) => ({ message, timestamp: 0 })),
        nextForwardToken: String(lines.length),
      };
    },
    GetParameterHistory: ({ NextToken }) => {
      if (this.parameters.length === 0) return { status: 400, type: "ParameterNotFound", message: "" };
      const from = Number(NextToken ?? 0);
      const page = this.parameters.slice(from, from + 2).map((Value, index) => ({ Value, Version: from + index + 1 }));
      return { Parameters: page, ...(from + 2 < this.parameters.length ? { NextToken: String(from + 2) } : {}) };
    },
    PutParameter: ({ Value }) => ({ Version: this.parameters.push(Value as string) }),
    DescribeImages: ({ repositoryName, imageIds }) => {
      const found = this.#image(
        repositoryName as string,
        (imageIds as { imageTag?: string; imageDigest?: string }[])[0] ?? {},
      );
      return found === undefined
        ? { status: 400, type: "ImageNotFoundException", message: "not there" }
        : { imageDetails: [{ imageDigest: found.split("@")[1] }] };
    },
    BatchGetImage: ({ repositoryName, imageIds }) => {
      const found = this.#image(repositoryName as string, (imageIds as { imageDigest?: string }[])[0] ?? {});
      return {
        images: found === undefined ? [] : [{ imageManifest: found, imageManifestMediaType: "application/json" }],
      };
    },
    PutImage: ({ imageManifest, imageTag }) => {
      const tags = this.images.get(imageManifest as string);
      if (tags?.has(imageTag as string) === true)
        return { status: 400, type: "ImageAlreadyExistsException", message: "" };
      const [repository] = (imageManifest as string).split("@");
      if (this.#image(repository as string, { imageTag: imageTag as string }) !== undefined)
        return { status: 400, type: "ImageTagAlreadyExistsException", message: "The tag is immutable." };
      tags?.add(imageTag as string);
      return { image: {} };
    },
  };

  #image(
    repository: string,
    { imageTag, imageDigest }: { imageTag?: string; imageDigest?: string },
  ): string | undefined {
    const wanted = (place: string, tags: ReadonlySet<string>): boolean =>
      imageDigest === undefined
        ? imageTag !== undefined && tags.has(imageTag)
        : DIGEST.test(imageDigest) && place.endsWith(imageDigest);
    return [...this.images].find(([place, tags]) => place.startsWith(`${repository}@`) && wanted(place, tags))?.[0];
  }
}

function isRefusal(answer: unknown): answer is Refusal {
  return typeof answer === "object" && answer !== null && "type" in answer && "status" in answer;
}

function refused({ status, type, message }: Refusal): { readonly status: number; readonly body: unknown } {
  return { status, body: { __type: type, message } };
}
