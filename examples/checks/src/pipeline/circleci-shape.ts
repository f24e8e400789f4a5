import { map, stepsOf, word, type CircleciConfig, type YamlMap } from "./circleci.ts";
import type { PipelineFinding } from "./finding.ts";

/** @see https://circleci.com/docs/configuration-reference/ */
const JOB_KEYS: ReadonlySet<string> = new Set([
  "parameters",
  "executor",
  "docker",
  "machine",
  "macos",
  "resource_class",
  "environment",
  "steps",
  "parallelism",
  "working_directory",
  "shell",
  "circleci_ip_ranges",
]);

const RUN_KEYS: ReadonlySet<string> = new Set([
  "name",
  "command",
  "environment",
  "no_output_timeout",
  "working_directory",
  "shell",
  "background",
  "when",
]);

/** Jobs and `run` steps with keys that CircleCI does not know, and jobs that would run nowhere. */
export function shapeFindings(config: CircleciConfig): readonly PipelineFinding[] {
  return [
    ...Object.entries(config.jobs).flatMap(([name, body]) => jobFindings(config, name, map(body))),
    ...stepsOf(config)
      .filter(({ name }) => name === "run")
      .flatMap(({ where, parameters }) => unknownKeys("run-key", where, parameters, RUN_KEYS)),
  ];
}

function jobFindings(config: CircleciConfig, name: string, job: YamlMap): readonly PipelineFinding[] {
  const executor = word(job["executor"]);
  const places = ["executor", "docker", "machine", "macos"].filter((key) => key in job);
  return [
    ...unknownKeys("job-key", name, job, JOB_KEYS),
    ...(places.length === 1
      ? []
      : [{ rule: "executor", message: `${name}: ${places.length} places to run in, expected one` }]),
    ...(executor === "" || executor in config.executors
      ? []
      : [{ rule: "executor", message: `${name}: there is no executor ${executor}` }]),
  ];
}

function unknownKeys(
  rule: string,
  where: string,
  given: YamlMap,
  known: ReadonlySet<string>,
): readonly PipelineFinding[] {
  return Object.keys(given)
    .filter((key) => !known.has(key))
    .map((key) => ({ rule, message: `${where}: ${key} is no key` }));
}
