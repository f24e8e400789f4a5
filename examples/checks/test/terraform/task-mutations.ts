import { container, set, type PlanMutation } from "./edit-plan.ts";

/** Mistakes in task definitions. */
export const TASK_MUTATIONS: readonly PlanMutation[] = [
  {
    mistake: "256 CPU with 4096 MiB",
    policy: "fargate-size",
    mutate: set("aws_ecs_task_definition", { cpu: "256", memory: "4096" }, "web"),
  },
  {
    mistake: "a CPU value of EC2",
    policy: "fargate-size",
    mutate: set("aws_ecs_task_definition", { cpu: "300" }, "pdf"),
  },
  {
    mistake: "stopTimeout beyond Fargate's limit",
    policy: "stop-timeout",
    mutate: container((c) => (c.stopTimeout = 300)),
  },
  {
    mistake: "stopTimeout shorter than Puma's drain",
    policy: "stop-timeout",
    mutate: container((c) => (c.stopTimeout = 5)),
  },
  { mistake: "no stopTimeout", policy: "stop-timeout", mutate: container((c) => delete c.stopTimeout, "worker") },
  { mistake: "no init", policy: "init-process", mutate: container((c) => delete c.linuxParameters, "pdf") },
  {
    mistake: "a printer with a root that can be written",
    policy: "printer",
    mutate: container((c) => (c.readonlyRootFilesystem = false), "pdf"),
  },
  { mistake: "a printer without /tmp", policy: "printer", mutate: container((c) => (c.mountPoints = []), "pdf") },
  {
    mistake: "a printer whose health nobody asks for",
    policy: "printer",
    mutate: container((c) => delete c.healthCheck, "pdf"),
  },
  {
    mistake: "a larger /dev/shm",
    policy: "fargate-fields",
    mutate: container((c) => (c.linuxParameters.sharedMemorySize = 512), "pdf"),
  },
  { mistake: "tmpfs", policy: "fargate-fields", mutate: container((c) => (c.linuxParameters.tmpfs = [])) },
  { mistake: "privileged", policy: "fargate-fields", mutate: container((c) => (c.privileged = true)) },
  { mistake: "a misspelt key", policy: "container-schema", mutate: container((c) => (c.portMapping = c.portMappings)) },
  { mistake: "snake_case key", policy: "container-schema", mutate: container((c) => (c.stop_timeout = 60)) },
  {
    mistake: "a database address in environment",
    policy: "secret-in-environment",
    mutate: container((c) => c.environment.push({ name: "DATABASE_URL", value: "postgres://u:p@h/d" })),
  },
  {
    mistake: "an access key in environment",
    policy: "secret-in-environment",
    mutate: container((c) => c.environment.push({ name: "AWS_SECRET_ACCESS_KEY", value: "x" }), "worker"),
  },
  {
    mistake: "valueFrom by name",
    policy: "secret-address",
    mutate: container((c) => (c.secrets[0].valueFrom = "/proff/prod/DATABASE_URL")),
  },
  {
    mistake: "dev's parameter in prod",
    policy: "secret-address",
    mutate: container((c) => (c.secrets[0].valueFrom = c.secrets[0].valueFrom.replace("/prod/", "/dev/"))),
  },
  {
    mistake: "waits for the success of an essential container",
    policy: "depends-on",
    mutate: container((c) => (c.dependsOn = [{ containerName: "web", condition: "SUCCESS" }])),
  },
  {
    mistake: "json-file logs",
    policy: "log-driver",
    mutate: container((c) => (c.logConfiguration.logDriver = "json-file")),
  },
  { mistake: "blocking logs", policy: "log-driver", mutate: container((c) => delete c.logConfiguration.options.mode) },
  {
    mistake: "migrates at each start",
    policy: "once-per-release",
    mutate: container((c) => (c.command = ["sh", "-c", "bin/rails db:migrate && puma"])),
  },
  {
    mistake: "compiles assets at each start",
    policy: "once-per-release",
    mutate: container((c) => (c.entryPoint = ["bin/rails", "assets:precompile"])),
  },
  {
    mistake: "revisions are deregistered",
    policy: "revisions-kept",
    mutate: set("aws_ecs_task_definition", { skip_destroy: false }, "web"),
  },
  {
    mistake: "follows the newest revision",
    policy: "revisions-kept",
    mutate: set("aws_ecs_task_definition", { track_latest: true }, "web"),
  },
];
