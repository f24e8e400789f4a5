import {
  map,
  seq,
  word,
  stepsOf,
  workflowJobs,
  type CircleciConfig,
  type Use,
  type Yaml,
  type YamlMap,
} from "./circleci.ts";
import { shapeFindings } from "./circleci-shape.ts";
import { mayFail, type PipelineFinding } from "./finding.ts";
import { ORB_CONTRACT_DATE, ORBS, type OrbElement, type ParameterKind } from "./orb-contract.ts";

const BUILT_IN_STEPS = new Set([
  "run",
  "checkout",
  "setup_remote_docker",
  "save_cache",
  "restore_cache",
  "store_artifacts",
  "store_test_results",
  "persist_to_workspace",
  "attach_workspace",
  "add_ssh_keys",
  "when",
  "unless",
]);

/** The branch that each workflow deploys. */
const BRANCHES: Readonly<Record<string, string>> = { dev: "develop", prod: "main" };

/** Keys of a job in a workflow that are no parameters of the job. */
const WORKFLOW_KEYS = new Set([
  "name",
  "requires",
  "context",
  "filters",
  "type",
  "matrix",
  "serial-group",
  "pre-steps",
  "post-steps",
]);

/** Holds a configuration against the orbs' contracts and against itself. */
export function checkCircleci(config: CircleciConfig): readonly PipelineFinding[] {
  return [
    ...versions(config),
    ...shapeFindings(config),
    ...stepsOf(config).flatMap((step) => stepFindings(config, step)),
    ...stepsOf(config).flatMap(ruleFindings),
    ...workflowJobs(config).flatMap((job) => jobFindings(config, job)),
    ...undeclaredParameters(config),
    ...workflowFindings(config),
    ...staticKeys(config),
  ];
}

function versions(config: CircleciConfig): readonly PipelineFinding[] {
  return Object.values(config.orbs).flatMap((reference) => {
    const [name = "", version = ""] = word(reference).split("@");
    const known = ORBS[name];
    if (known === undefined) return [finding("orb-version", `${name} is not in the table of orbs`)];
    return known.version === version
      ? []
      : [finding("orb-version", `${name}@${version}: the table is of ${known.version}, ${ORB_CONTRACT_DATE}`)];
  });
}

function stepFindings(config: CircleciConfig, step: Use): readonly PipelineFinding[] {
  if (step.name.includes("/")) return orbFindings(config, step, "commands");
  if (step.name in config.commands) return ownFindings(map(config.commands[step.name]), step);
  return BUILT_IN_STEPS.has(step.name) ? [] : [finding("unknown-step", `${step.where}: ${step.name}`)];
}

/** A step that a deployment goes on without, and a step in a Region of its own. */
function ruleFindings({ where, name, parameters }: Use): readonly PipelineFinding[] {
  const { when, background, command, region } = parameters;
  const optional = name === "run" && (when !== undefined || background !== undefined || mayFail(word(command)));
  return [
    ...(optional ? [finding("optional", `${where}: goes on without ${word(command)}`)] : []),
    ...(region === undefined || region === "${AWS_DEFAULT_REGION}"
      ? []
      : [finding("region", `${where}: ${name} is in ${word(region)}`)]),
  ];
}

function jobFindings(config: CircleciConfig, job: Use): readonly PipelineFinding[] {
  const parameters = Object.fromEntries(Object.entries(job.parameters).filter(([name]) => !WORKFLOW_KEYS.has(name)));
  const given = { ...job, parameters };
  if (job.parameters["type"] === "approval") return [];
  if (job.name.includes("/")) return orbFindings(config, given, "jobs");
  if (job.name in config.jobs) return ownFindings(map(config.jobs[job.name]), given);
  return [finding("unknown-job", `${job.where}: ${job.name}`)];
}

function orbFindings(config: CircleciConfig, use: Use, kind: "commands" | "jobs"): readonly PipelineFinding[] {
  const [alias = "", name = ""] = use.name.split("/");
  const orb = ORBS[word(config.orbs[alias]).split("@")[0] ?? ""];
  const element = orb?.[kind][name];
  if (element === undefined)
    return [finding("unknown-orb-element", `${use.where}: ${use.name} is none of the orb's ${kind}`)];
  return [...parameterFindings(use, element), ...digestFindings(use)];
}

/** A tag can be moved between the migration and the update: the release file's image is named by digest. */
function digestFindings({ where, name, parameters }: Use): readonly PipelineFinding[] {
  const images = parameters["container_image_name_updates"];
  return name !== "aws-ecs/update_task_definition" || word(images).endsWith(",image-and-tag=${IMAGE}")
    ? []
    : [finding("by-digest", `${where}: ${word(images)} is not the release file's image`)];
}

function ownFindings(body: YamlMap, use: Use): readonly PipelineFinding[] {
  const declared = Object.entries(map(body["parameters"])).map(([name, value]) => {
    const { type, enum: values, default: fallback } = map(value);
    const kind = type === "enum" ? seq(values).map(word) : (word(type) as ParameterKind);
    return [fallback === undefined ? `${name}!` : name, kind] as const;
  });
  return parameterFindings(use, Object.fromEntries(declared));
}

function parameterFindings(use: Use, element: OrbElement): readonly PipelineFinding[] {
  const kinds = new Map(Object.entries(element).map(([name, kind]) => [name.replace("!", ""), kind]));
  const required = Object.keys(element)
    .filter((name) => name.endsWith("!"))
    .map((name) => name.slice(0, -1));
  return [
    ...required
      .filter((name) => !(name in use.parameters))
      .map((name) => finding("missing-parameter", `${use.where}: ${use.name} needs ${name}`)),
    ...Object.entries(use.parameters).flatMap(([name, value]) => {
      const kind = kinds.get(name);
      if (kind === undefined) return [unknownParameter(use, name, kinds)];
      return fits(value, kind)
        ? []
        : [
            finding(
              "parameter-value",
              `${use.where}: ${use.name}: ${name} is ${JSON.stringify(value)}, expected ${[kind].flat().join(", ")}`,
            ),
          ];
    }),
  ];
}

function unknownParameter(use: Use, name: string, kinds: ReadonlyMap<string, unknown>): PipelineFinding {
  const snake = name.replaceAll("-", "_");
  if (name !== snake && kinds.has(snake))
    return finding("kebab-case", `${use.where}: ${use.name}: ${name} is ${snake} since v4/v9`);
  return finding("unknown-parameter", `${use.where}: ${use.name} has no ${name}`);
}

function fits(value: Yaml, kind: ParameterKind): boolean {
  if (typeof value === "string" && value.startsWith("<<")) return true;
  if (typeof kind !== "string") return kind.includes(word(value));
  if (kind === "steps") return Array.isArray(value);
  if (kind === "boolean") return typeof value === "boolean";
  if (kind === "integer") return typeof value === "number";
  return typeof value === "string";
}

function undeclaredParameters(config: CircleciConfig): readonly PipelineFinding[] {
  return [...Object.entries(config.commands), ...Object.entries(config.jobs)].flatMap(([name, body]) => {
    const declared = map(map(body)["parameters"]);
    const used = JSON.stringify(body).matchAll(/<<\s*parameters\.([\w-]+)\s*>>/g);
    return [...used]
      .map(([, parameter = ""]) => parameter)
      .filter((parameter) => !(parameter in declared))
      .map((parameter) => finding("undeclared-parameter", `${name}: << parameters.${parameter} >>`));
  });
}

function workflowFindings(config: CircleciConfig): readonly PipelineFinding[] {
  const jobs = workflowJobs(config);
  return jobs.flatMap((job) => {
    const { requires, context, filters, "serial-group": serial, environment } = job.parameters;
    const siblings = new Set(
      jobs.filter(({ workflow }) => workflow === job.workflow).map((one) => word(one.parameters["name"] ?? one.name)),
    );
    const where = `${job.where}: ${word(job.parameters["name"] ?? job.name)}`;
    return [
      ...(requires === undefined || Array.isArray(requires)
        ? []
        : [finding("requires", `${where}: requires is no list`)]),
      ...seq(requires)
        .filter((one) => !siblings.has(word(one)))
        .map((one) => finding("requires", `${where}: requires ${word(one)}, which is no job of it`)),
      ...(environment !== undefined && JSON.stringify(context) !== `["proff-${word(environment)}"]`
        ? [finding("context", `${where}: ${word(environment)} with the context ${JSON.stringify(context)}`)]
        : []),
      ...(job.name === "deploy" && serial !== `<< pipeline.project.slug >>/deploy-${word(environment)}`
        ? [finding("serial-group", `${where}: two deployments at once`)]
        : []),
      ...(requires === undefined && word(map(map(filters)["branches"])["only"]) !== BRANCHES[job.workflow]
        ? [finding("branch", `${where}: of another branch than ${BRANCHES[job.workflow]}`)]
        : []),
    ];
  });
}

function staticKeys(config: CircleciConfig): readonly PipelineFinding[] {
  const found = JSON.stringify(config).match(
    /aws_access_key_id|aws_secret_access_key|AWS_SECRET_ACCESS_KEY|AKIA[0-9A-Z]{16}/,
  );
  return found === null ? [] : [finding("static-keys", `names ${found[0]}`)];
}

function finding(rule: string, message: string): PipelineFinding {
  return { rule, message };
}
