import { parse } from "yaml";

import { ACTION_CONTRACT_DATE, ACTIONS } from "./action-contract.ts";
import { map, seq, word, type Yaml, type YamlMap } from "./circleci.ts";
import { mayFail, type PipelineFinding } from "./finding.ts";

/** A step of a job. */
export interface GithubStep {
  readonly job: string;
  readonly uses: string;
  readonly run: string;
  readonly with: YamlMap;
  /** Whether the job goes on without the step: it is skipped, or may fail. */
  readonly optional: boolean;
}

/** A GitHub workflow, as far as the checks read it. */
export interface GithubWorkflow {
  readonly text: string;
  readonly on: Yaml;
  readonly jobs: YamlMap;
  readonly concurrency: YamlMap;
  readonly permissions: YamlMap;
}

export function readGithub(text: string): GithubWorkflow {
  const workflow = map(parse(text) as Yaml);
  return {
    text,
    on: workflow["on"] ?? null,
    jobs: map(workflow["jobs"]),
    concurrency: map(workflow["concurrency"]),
    permissions: map(workflow["permissions"]),
  };
}

export function githubSteps(workflow: GithubWorkflow): readonly GithubStep[] {
  return Object.entries(workflow.jobs).flatMap(([job, body]) =>
    seq(map(body)["steps"]).map((step) => ({
      job,
      uses: word(map(step)["uses"]),
      run: word(map(step)["run"]),
      with: map(map(step)["with"]),
      optional: "if" in map(step) || "continue-on-error" in map(step),
    })),
  );
}

/** Holds a workflow against the actions' contracts and against the rules of a deployment. */
export function checkGithub(workflow: GithubWorkflow): readonly PipelineFinding[] {
  const steps = githubSteps(workflow);
  return [
    ...steps.filter(({ uses }) => uses !== "").flatMap((step) => actionFindings(workflow, step)),
    ...steps.flatMap((step) => signInFindings(workflow, step)),
    ...steps.flatMap(stepFindings),
    ...(JSON.stringify(workflow.on) === '{"push":{"branches":["develop","main"]}}'
      ? []
      : [{ rule: "trigger", message: "started by something else than a push to develop or main" }]),
    ...(workflow.concurrency["cancel-in-progress"] === false
      ? []
      : [{ rule: "concurrency", message: "a running deployment would be cancelled" }]),
    ...(JSON.stringify(workflow.permissions) === '{"contents":"read"}'
      ? []
      : [{ rule: "permissions", message: "the workflow's permissions are more than contents: read" }]),
    ...staticKeys(workflow),
  ];
}

function actionFindings(workflow: GithubWorkflow, { job, uses, with: inputs }: GithubStep): readonly PipelineFinding[] {
  const [name = "", commit = ""] = uses.split("@");
  const contract = ACTIONS[name];
  if (contract === undefined) return [{ rule: "unknown-action", message: `${job}: ${name}` }];
  const known = new Set(contract.inputs.map((input) => input.replace("!", "")));
  const required = contract.inputs.filter((input) => input.endsWith("!")).map((input) => input.slice(0, -1));
  return [
    ...(commit === contract.commit && workflow.text.includes(`${uses} # ${contract.version}`)
      ? []
      : [
          {
            rule: "pinned",
            message: `${job}: ${uses} is not the commit of ${contract.version} (${ACTION_CONTRACT_DATE}), or does not say so`,
          },
        ]),
    ...Object.keys(inputs)
      .filter((input) => !known.has(input))
      .map((input) => ({ rule: "unknown-input", message: `${job}: ${name} has no ${input}` })),
    ...required
      .filter((input) => !(input in inputs))
      .map((input) => ({ rule: "missing-input", message: `${job}: ${name} needs ${input}` })),
  ];
}

function stepFindings({ job, uses, run, with: inputs, optional }: GithubStep): readonly PipelineFinding[] {
  const image = word(inputs["image"]);
  return [
    ...(optional || mayFail(run) ? [{ rule: "optional", message: `${job}: goes on without ${uses}${run}` }] : []),
    ...(run.includes("${{") ? [{ rule: "expression", message: `${job}: an expression becomes part of a script` }] : []),
    // A tag can be moved between the migration and the update: the release file's image is named by digest.
    ...(image === "" || /^\$\{\{ steps\.images\.outputs\.(app|pdf) \}\}$/.test(image)
      ? []
      : [{ rule: "by-digest", message: `${job}: ${image} is not the release file's image` }]),
    ...("service" in inputs ? [{ rule: "register-only", message: `${job}: ${uses} updates a service` }] : []),
  ];
}

function signInFindings(workflow: GithubWorkflow, { job, uses, with: inputs }: GithubStep): readonly PipelineFinding[] {
  if (!uses.startsWith("aws-actions/configure-aws-credentials@")) return [];
  const permissions = map(map(workflow.jobs[job])["permissions"]);
  const environment = map(workflow.jobs[job])["environment"];
  return [
    ...(permissions["id-token"] === "write" ? [] : [{ rule: "oidc", message: `${job}: id-token: write is missing` }]),
    ...(inputs["role-to-assume"] === undefined ? [{ rule: "oidc", message: `${job}: no role` }] : []),
    ...(inputs["aws-region"] === "${{ vars.AWS_REGION }}"
      ? []
      : [{ rule: "region", message: `${job}: another Region` }]),
    ...(inputs["allowed-account-ids"] === undefined ? [{ rule: "account", message: `${job}: any account` }] : []),
    ...(environment === undefined ? [{ rule: "environment", message: `${job}: no environment` }] : []),
  ];
}

function staticKeys({ text }: GithubWorkflow): readonly PipelineFinding[] {
  const found = /secrets\.AWS_\w+|aws-access-key-id|aws-secret-access-key|AKIA[0-9A-Z]{16}/.exec(text);
  return found === null ? [] : [{ rule: "static-keys", message: `names ${found[0]}` }];
}
