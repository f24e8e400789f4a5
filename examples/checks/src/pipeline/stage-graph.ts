import { map, seq, word, uses, workflowJobs, type CircleciConfig, type Use } from "./circleci.ts";
import { githubSteps, type GithubWorkflow } from "./github.ts";

/** A step of the way of a release, whatever CI system takes it. */
export interface Stage {
  readonly stage: string;
  readonly environment: string;
  /** The role of `proff-ENVIRONMENT-ci-ROLE` that the job signed in with. */
  readonly role: string;
  /** A person has to agree before the job of this stage starts. */
  readonly gated: boolean;
  readonly image: string;
}

/** How a stage is known: by the orb command or action, or by the command line. */
const STAGES: readonly { readonly stage: string; readonly uses: RegExp; readonly run: RegExp }[] = [
  { stage: "test", uses: /^$/, run: /\bbin\/rails db:prepare test\b/ },
  { stage: "build", uses: /aws-ecr\/build_and_push_image|docker\/build-push-action/, run: /^$/ },
  { stage: "draft", uses: /^$/, run: /main\.ts draft\b/ },
  { stage: "assets", uses: /^$/, run: /asset-sync verify\b/ },
  { stage: "register", uses: /aws-ecs\/update_task_definition|amazon-ecs-deploy-task-definition/, run: /^$/ },
  ...["migrate", "update", "verify", "mark", "collect"].map((stage) => ({
    stage,
    uses: /^$/,
    run: new RegExp(`main\\.ts ${stage}\\b`),
  })),
];

/** The stages of a CircleCI workflow, in the order in which they run; one stage after itself counts once. */
export function circleciStages(config: CircleciConfig, workflow: string): readonly Stage[] {
  const jobs = workflowJobs(config).filter((job) => job.workflow === workflow);
  const approvals = new Set(jobs.filter(({ parameters }) => parameters["type"] === "approval").map(({ name }) => name));
  return collapsed(
    ordered(jobs).flatMap((job) => {
      const body = map(config.jobs[job.name]);
      const steps = expanded(config, uses(body["steps"], job.name));
      const role = steps.find(({ name }) => name === "sign-in")?.parameters["role"];
      const gated = seq(job.parameters["requires"]).some((name) => approvals.has(word(name)));
      const executor = map(config.executors[word(body["executor"])]);
      const image = word(map(seq(executor["docker"])[0])["image"] ?? "machine");
      const environment = word(job.parameters["environment"]);
      return steps.flatMap(({ name, parameters }) =>
        stageOf(name, word(parameters["command"])).map((stage) => ({
          stage,
          environment,
          role: word(role),
          gated,
          image,
        })),
      );
    }),
  );
}

/** The stages of a GitHub workflow for an environment. */
export function githubStages(workflow: GithubWorkflow, environment: string): readonly Stage[] {
  const steps = githubSteps(workflow);
  return collapsed(
    steps.flatMap(({ job, uses: action, run }) => {
      const body = map(workflow.jobs[job]);
      const signIn = steps.find((step) => step.job === job && step.uses.includes("configure-aws-credentials"));
      const role = /-ci-(\w+)$/.exec(word(signIn?.with["role-to-assume"]))?.[1] ?? "";
      const named = chosen(word(body["environment"]), environment);
      return stageOf(action, run).map((stage) => ({
        stage,
        environment: named === "" ? "" : environment,
        role,
        gated: named === "prod",
        image: word(body["container"] ?? "machine"),
      }));
    }),
  );
}

/** `A && 'x' || 'y'` in the workflow's environments: x on main, y elsewhere. */
function chosen(expression: string, environment: string): string {
  const [, main = "", other = ""] = /&& '([\w-]+)' \|\| '([\w-]+)'/.exec(expression) ?? [];
  return environment === "prod" ? main : other;
}

function stageOf(name: string, run: string): readonly string[] {
  return STAGES.filter((row) => (name !== "" && row.uses.test(name)) || (run !== "" && row.run.test(run))).map(
    ({ stage }) => stage,
  );
}

/** The steps with commands of the configuration replaced by theirs. */
function expanded(config: CircleciConfig, steps: readonly Use[]): readonly Use[] {
  return steps.flatMap((step) =>
    step.name in config.commands
      ? [step, ...expanded(config, uses(map(config.commands[step.name])["steps"], step.name))]
      : [step],
  );
}

/** A workflow's jobs, each after those that it requires. */
function ordered<Job extends Use>(jobs: readonly Job[]): readonly Job[] {
  const name = (job: Job): string => word(job.parameters["name"] ?? job.name);
  const done: Job[] = [];
  while (done.length < jobs.length) {
    const ready = jobs.filter(
      (job) =>
        !done.includes(job) &&
        seq(job.parameters["requires"]).every((one) => done.some((other) => name(other) === one)),
    );
    if (ready.length === 0) return done;
    done.push(...ready);
  }
  return done;
}

function collapsed(stages: readonly Stage[]): readonly Stage[] {
  return stages.filter((stage, index) => stage.stage !== stages[index - 1]?.stage);
}
