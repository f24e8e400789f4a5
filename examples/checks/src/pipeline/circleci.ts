import { parse } from "yaml";

export type Yaml = string | number | boolean | null | readonly Yaml[] | { readonly [name: string]: Yaml };
export type YamlMap = Readonly<Record<string, Yaml>>;

/** A step, job or command that is used: its name and what it is given. */
export interface Use {
  readonly where: string;
  readonly name: string;
  readonly parameters: YamlMap;
}

/** A CircleCI configuration, as far as the checks read it. */
export interface CircleciConfig {
  readonly orbs: YamlMap;
  readonly commands: YamlMap;
  readonly jobs: YamlMap;
  readonly executors: YamlMap;
  readonly workflows: YamlMap;
}

export function readCircleci(text: string): CircleciConfig {
  const config = map(parse(text) as Yaml);
  return {
    orbs: map(config["orbs"]),
    commands: map(config["commands"]),
    jobs: map(config["jobs"]),
    executors: map(config["executors"]),
    workflows: map(config["workflows"]),
  };
}

export function map(value: Yaml | undefined): YamlMap {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as YamlMap) : {};
}

/** A scalar as text; empty where the value is none. */
export function word(value: Yaml | undefined): string {
  return value === undefined || value === null || typeof value === "object" ? "" : String(value);
}

export function seq(value: Yaml | undefined): readonly Yaml[] {
  return Array.isArray(value) ? (value as readonly Yaml[]) : [];
}

/** Every step of every command and job, those inside a `steps` parameter too. */
export function stepsOf(config: CircleciConfig): readonly Use[] {
  return [...Object.entries(config.commands), ...Object.entries(config.jobs)].flatMap(([name, body]) =>
    uses(map(body)["steps"], name),
  );
}

/** Every job that a workflow starts. */
export function workflowJobs(config: CircleciConfig): readonly (Use & { readonly workflow: string })[] {
  return Object.entries(config.workflows).flatMap(([workflow, body]) =>
    seq(map(body)["jobs"]).map((entry) => ({ ...use(entry, `workflow ${workflow}`), workflow })),
  );
}

/** Parameters that hold steps. */
const STEP_LISTS = ["auth", "steps", "pre-steps", "post-steps"];

export function uses(steps: Yaml | undefined, where: string): readonly Use[] {
  return seq(steps).flatMap((step) => {
    const found = use(step, where);
    const inner = STEP_LISTS.flatMap((name) => uses(found.parameters[name], where));
    return [found, ...inner];
  });
}

function use(entry: Yaml, where: string): Use {
  if (typeof entry === "string") return { where, name: entry, parameters: {} };
  const [[name, parameters] = ["", {}]] = Object.entries(map(entry));
  return { where, name, parameters: typeof parameters === "string" ? { command: parameters } : map(parameters) };
}
