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
  /** The last stage of each job that the job of this stage waits for. */
  readonly after: readonly string[];
}

interface Job {
  readonly name: string;
  readonly requires: readonly string[];
  readonly stages: readonly Omit<Stage, "after">[];
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
  return linked(
    jobs.map((job) => {
      const body = map(config.jobs[job.name]);
      const steps = expanded(config, uses(body["steps"], job.name));
      const requires = seq(job.parameters["requires"]).map(word);
      const executor = map(config.executors[word(body["executor"])]);
      const common = {
        environment: word(job.parameters["environment"]),
        role: word(steps.find(({ name }) => name === "sign-in")?.parameters["role"]),
        gated: requires.some((name) => approvals.has(name)),
        image: word(map(seq(executor["docker"])[0])["image"] ?? "machine"),
      };
      const stages = steps.flatMap(({ name, parameters }) => stageOf(name, word(parameters["command"])));
      return {
        name: word(job.parameters["name"] ?? job.name),
        requires,
        stages: stages.map((stage) => ({ stage, ...common })),
      };
    }),
  );
}

/** The stages of a GitHub workflow for an environment. */
export function githubStages(workflow: GithubWorkflow, environment: string): readonly Stage[] {
  return linked(
    Object.entries(workflow.jobs).map(([name, value]) => {
      const body = map(value);
      const steps = githubSteps(workflow).filter(({ job }) => job === name);
      const signIn = steps.find((step) => step.uses.includes("configure-aws-credentials"));
      const named = chosen(word(body["environment"]), environment);
      const common = {
        environment: named === "" ? "" : environment,
        role: /-ci-(\w+)$/.exec(word(signIn?.with["role-to-assume"]))?.[1] ?? "",
        gated: named === "prod",
        image: word(body["container"] ?? "machine"),
      };
      const requires = [body["needs"] ?? []].flat().map(word);
      const stages = steps.flatMap(({ uses: action, run }) => stageOf(action, run));
      return { name, requires, stages: stages.map((stage) => ({ stage, ...common })) };
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

/** The stages of jobs, each after those that it requires. */
function linked(jobs: readonly Job[]): readonly Stage[] {
  return ordered(jobs).flatMap((job) => {
    const after = lastStages(jobs, job.requires).toSorted();
    return job.stages
      .filter(({ stage }, index) => stage !== job.stages[index - 1]?.stage)
      .map((stage) => ({ ...stage, after }));
  });
}

/** What the required jobs end with; one without stages, as an approval, passes on what it requires itself. */
function lastStages(jobs: readonly Job[], requires: readonly string[]): readonly string[] {
  return jobs
    .filter(({ name }) => requires.includes(name))
    .flatMap((job) => job.stages.at(-1)?.stage ?? lastStages(jobs, job.requires));
}

function ordered(jobs: readonly Job[]): readonly Job[] {
  const done: Job[] = [];
  while (done.length < jobs.length) {
    const names = new Set(done.map(({ name }) => name));
    const ready = jobs.filter((job) => !names.has(job.name) && job.requires.every((name) => names.has(name)));
    if (ready.length === 0) return done;
    done.push(...ready);
  }
  return done;
}
