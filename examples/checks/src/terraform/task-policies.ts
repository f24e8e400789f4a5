import { ContainerDefinition$ } from "@aws-sdk/client-ecs";

import { ONCE_PER_RELEASE } from "../dockerfile.ts";
import { named, perContainer } from "./containers.ts";
import { list, record, resourcesOf, text } from "./plan.ts";
import type { Policy } from "./policy.ts";

/**
 * Memory in MiB by CPU units: from, to, step.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html#fargate-tasks-size
 */
const FARGATE_SIZES: Readonly<Record<string, readonly number[]>> = {
  "256": [512, 1024, 2048],
  "512": steps(1024, 4096, 1024),
  "1024": steps(2048, 8192, 1024),
  "2048": steps(4096, 16384, 1024),
  "4096": steps(8192, 30720, 1024),
  "8192": steps(16384, 61440, 4096),
  "16384": steps(32768, 122880, 8192),
};

/** What a container needs to end: Puma and Solid Queue finish what they have begun. */
const DRAIN_SECONDS = 30;

/** Fargate's limit of stopTimeout. */
const STOP_LIMIT_SECONDS = 120;

const FORBIDDEN_ON_FARGATE = ["privileged", "extraHosts", "links", "disableNetworking", "dockerSecurityOptions", "gpu"];
const FORBIDDEN_LINUX = ["sharedMemorySize", "tmpfs", "devices", "maxSwap", "swappiness"];

const SECRET_NAME =
  /(secret|password|passwd|token|credential|private_?key|api_?key|master_key|database_url|access_key|_key$|_pass$)/i;

/** A URL with a password, or an access key's id. */
const SECRET_VALUE = /:\/\/[^/\s:@]*:[^/\s@]+@|AKIA[0-9A-Z]{16}/;

const KNOWN_MEMBERS: ReadonlySet<string> = new Set(memberNames(ContainerDefinition$));

/** Rules about task definitions. */
export const TASK_POLICIES: readonly Policy[] = [
  {
    id: "fargate-size",
    says: "CPU and memory are a pair that Fargate has",
    findings: (plan) =>
      resourcesOf(plan, "aws_ecs_task_definition")
        .filter(({ values }) => !(FARGATE_SIZES[text(values["cpu"])] ?? []).includes(Number(values["memory"])))
        .map(({ address, values }) => `${address}: ${text(values["cpu"])} CPU with ${text(values["memory"])} MiB`),
  },
  {
    id: "stop-timeout",
    says: "stopTimeout leaves time to finish, and no more than Fargate allows",
    findings: (plan) =>
      perContainer(plan, ({ definition }) => {
        const seconds = Number(definition["stopTimeout"] ?? Number.NaN);
        return seconds >= DRAIN_SECONDS && seconds <= STOP_LIMIT_SECONDS
          ? undefined
          : `stopTimeout is ${seconds}, expected ${DRAIN_SECONDS} to ${STOP_LIMIT_SECONDS}`;
      }),
  },
  {
    id: "init-process",
    says: "An init process reaps orphans and forwards signals",
    findings: (plan) =>
      perContainer(plan, ({ definition }) =>
        record(definition["linuxParameters"])["initProcessEnabled"] === true
          ? undefined
          : "initProcessEnabled is not on",
      ),
  },
  {
    id: "printer",
    says: "What prints pages has a read-only root, a temp folder of its own, and a health check: it runs without a sandbox",
    findings: (plan) =>
      perContainer(plan, ({ name, definition }) => {
        if (name !== "pdf") return undefined;
        if (definition["readonlyRootFilesystem"] !== true) return "its root can be written";
        const folders = list(definition["mountPoints"]).map((mount) => text(record(mount)["containerPath"]));
        if (!folders.includes("/tmp")) return "it has no /tmp";
        const asked = list(record(definition["healthCheck"])["command"]).map(text).join(" ");
        return asked.includes(":3000/health") ? undefined : "nobody asks for its /health";
      }),
  },
  {
    id: "fargate-fields",
    says: "No field that Fargate refuses",
    findings: (plan) =>
      perContainer(plan, ({ definition }) => {
        const outer = FORBIDDEN_ON_FARGATE.filter((name) => name in definition);
        const inner = FORBIDDEN_LINUX.filter((name) => name in record(definition["linuxParameters"]));
        return [...outer, ...inner].length === 0 ? undefined : `has ${[...outer, ...inner].join(", ")}`;
      }),
  },
  {
    id: "container-schema",
    says: "Every key of a container is one that the ECS API knows",
    findings: (plan) =>
      perContainer(plan, ({ definition }) => {
        const unknown = Object.keys(definition).filter((name) => !KNOWN_MEMBERS.has(name));
        return unknown.length === 0 ? undefined : `has the unknown ${unknown.join(", ")}`;
      }),
  },
  {
    id: "secret-in-environment",
    says: "No value in `environment` has the name or the form of a secret, nor has a word of the command",
    findings: (plan) =>
      perContainer(plan, ({ definition }) => {
        const names = [...named(definition["environment"], "value")]
          .filter(([name, value]) => SECRET_NAME.test(name) || SECRET_VALUE.test(value))
          .map(([name]) => name);
        if (names.length > 0) return `environment holds ${names.join(", ")}`;
        const words = [...list(definition["entryPoint"]), ...list(definition["command"])].map(text);
        return words.some((word) => SECRET_VALUE.test(word)) ? "its command holds a secret" : undefined;
      }),
  },
  {
    id: "secret-address",
    says: "Secrets are addressed by the ARN of a parameter below /application/environment/",
    findings: (plan) =>
      perContainer(plan, ({ definition, task }) => {
        const path = parameterPath(text(task.values["family"]));
        const wrong = [...named(definition["secrets"], "valueFrom")].filter(([, from]) => !path.test(from));
        return wrong.length === 0 ? undefined : wrong.map(([name, from]) => `${name} comes from ${from}`).join(", ");
      }),
  },
  {
    id: "depends-on",
    says: "COMPLETE and SUCCESS are waited for only of containers that are not essential",
    findings: (plan) =>
      perContainer(plan, ({ definition, siblings }) => {
        const essential = new Set(siblings.filter((one) => one["essential"] !== false).map((one) => one["name"]));
        const wrong = list(definition["dependsOn"])
          .map(record)
          .filter((one) => ["COMPLETE", "SUCCESS"].includes(text(one["condition"])))
          .filter((one) => essential.has(one["containerName"] ?? null));
        return wrong.length === 0
          ? undefined
          : `waits for the end of ${text(wrong[0]?.["containerName"])}, which is essential`;
      }),
  },
  {
    id: "log-driver",
    says: "Logs go to a driver that Fargate has, and never block the app",
    findings: (plan) =>
      perContainer(plan, ({ definition }) => {
        const log = record(definition["logConfiguration"]);
        if (!["awslogs", "splunk", "awsfirelens"].includes(text(log["logDriver"])))
          return "has no log driver of Fargate's";
        return record(log["options"])["mode"] === "non-blocking" ? undefined : "its log mode is not non-blocking";
      }),
  },
  {
    id: "once-per-release",
    says: "The start of a service does nothing that belongs to a release",
    findings: (plan) =>
      perContainer(plan, ({ definition }) => {
        const words = [...list(definition["entryPoint"]), ...list(definition["command"])].map(text).join(" ");
        return ONCE_PER_RELEASE.test(words) ? `runs ${words}` : undefined;
      }),
  },
  {
    id: "revisions-kept",
    says: "Terraform never deregisters a revision, nor follows the newest",
    findings: (plan) =>
      resourcesOf(plan, "aws_ecs_task_definition")
        .filter(({ values }) => values["skip_destroy"] !== true || values["track_latest"] !== false)
        .map(({ address }) => `${address}: skip_destroy has to be true and track_latest false`),
  },
];

function parameterPath(family: string): RegExp {
  const [, app = "", environment = ""] = /^(.*)-(dev|prod)-[a-z]+$/.exec(family) ?? [];
  return new RegExp(`^arn:aws:ssm:[a-z0-9-]+:\\d{12}:parameter/${app}/${environment}/[A-Z_]+$`);
}

function steps(from: number, to: number, step: number): readonly number[] {
  return Array.from({ length: (to - from) / step + 1 }, (_, index) => from + index * step);
}

/** A structure's schema lists the names of its members in the fifth place. */
function memberNames(schema: readonly unknown[]): readonly string[] {
  return schema[4] as readonly string[];
}
