import { appOutput, document, list, record, resourcesOf, text, type Json, type PlanJson, type Values } from "./plan.ts";
import type { Policy } from "./policy.ts";

/** Actions that know no resource, or none that could be told before. */
const NEED_ALL_RESOURCES: ReadonlySet<string> = new Set([
  "ecr:GetAuthorizationToken",
  "ecs:DescribeTaskDefinition",
  "ecs:RegisterTaskDefinition",
  "ecs:DescribeTasks",
  "ecs:ListTasks",
]);

/** What each role may do beyond what its siblings may: the actions of all its policies. */
const ACTIONS_BY_ROLE: Readonly<Record<string, RegExp>> = {
  execution:
    /^(ecr:(BatchCheckLayerAvailability|BatchGetImage|GetAuthorizationToken|GetDownloadUrlForLayer)|logs:(CreateLogStream|PutLogEvents)|ssm:GetParameters)$/,
  task: /^(s3:(GetObject|PutObject)|ssmmessages:.*)$/,
  scheduler: /^(ecs:RunTask|iam:PassRole)$/,
  "ci-build": /^(ecr:.*|s3:(GetObject|PutObject|AbortMultipartUpload))$/,
  "ci-deploy":
    /^(ecr:.*|ecs:.*|iam:PassRole|logs:GetLogEvents|s3:(GetObject|PutObject|AbortMultipartUpload|DeleteObject|ListBucket)|ssm:(GetParameterHistory|PutParameter))$/,
};

/** What tasks may do besides, in the bucket of the app's own uploads and nowhere else. */
const ACTIONS_ON_UPLOADS = /^s3:(DeleteObject|ListBucket)$/;

interface Statement {
  readonly where: string;
  readonly role: string;
  readonly values: Values;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
}

/** Rules about who may do what. */
export const ACCESS_POLICIES: readonly Policy[] = [
  {
    id: "no-users",
    says: "No IAM user and no access key",
    findings: (plan) =>
      ["aws_iam_user", "aws_iam_access_key", "aws_iam_user_policy"]
        .flatMap((type) => resourcesOf(plan, type))
        .map(({ address }) => `${address}: pipelines and tasks have roles`),
  },
  {
    id: "no-bastion",
    says: "No instance and no key pair",
    findings: (plan) =>
      ["aws_instance", "aws_key_pair"].flatMap((type) => resourcesOf(plan, type)).map(({ address }) => address),
  },
  {
    id: "oidc-trust",
    says: "A CI system's trust names the audience and a subject with repository and environment or branch",
    findings: (plan) =>
      trusts(plan)
        .filter(({ values }) => list(values["Action"]).includes("sts:AssumeRoleWithWebIdentity"))
        .flatMap(({ where, role, values }) => {
          const subject = expectedSubject(role, text(appOutput(plan)["environment"]));
          return [...missingClaims(values, subject)].map((fault) => `${where}: ${fault}`);
        }),
  },
  {
    id: "plain-statements",
    says: "A policy names what it allows and whom; a role has no policies but those in the table",
    findings: (plan) => [
      ...[...statements(plan), ...trusts(plan)].flatMap(({ where, values }) =>
        ["NotAction", "NotResource", "NotPrincipal"]
          .filter((name) => name in values)
          .map((name) => `${where}: allows all but what ${name} names`),
      ),
      ...trusts(plan)
        .filter(({ values }) => !isPlainTrust(values))
        .map(({ where }) => `${where}: trusts somebody else than one service or one issuer`),
      ...resourcesOf(plan, "aws_iam_role")
        .filter(({ values }) => list(values["managed_policy_arns"]).length + list(values["inline_policy"]).length > 0)
        .map(({ address }) => `${address}: holds policies of its own`),
    ],
  },
  {
    id: "service-trust",
    says: "A service may take a role only for this account",
    findings: (plan) =>
      trusts(plan)
        .filter(({ values }) => list(values["Action"]).includes("sts:AssumeRole"))
        .filter(({ values }) => conditionOf(values, "StringEquals", "aws:SourceAccount").length === 0)
        .map(({ where }) => `${where}: no aws:SourceAccount`),
  },
  {
    id: "secret-path",
    says: "Execution roles read parameters below /application/environment/ only, each by its name",
    findings: (plan) =>
      statements(plan)
        .filter(({ actions }) => actions.some((action) => action === "ssm:GetParameters"))
        .filter(({ resources }) => !resources.every((one) => /:parameter\/[a-z0-9-]+\/(dev|prod)\/[A-Z_]+$/.test(one)))
        .map(({ where, resources }) => `${where}: ${resources.join(", ")}`),
  },
  {
    id: "wildcards",
    says: "`*` stands only where an action knows no resource, and for no action",
    findings: (plan) =>
      statements(plan).flatMap(({ where, role, actions, resources }) => [
        ...actions.filter((action) => action.includes("*")).map((action) => `${where}: the action ${action}`),
        ...(resources.includes("*") && !role.startsWith("task-") ? actions : [])
          .filter((action) => !NEED_ALL_RESOURCES.has(action))
          .map((action) => `${where}: ${action} on *`),
      ]),
  },
  {
    id: "role-actions",
    says: "A role holds the actions of its purpose",
    findings: (plan) =>
      statements(plan).flatMap(({ where, role, actions, resources }) => {
        const purpose = Object.keys(ACTIONS_BY_ROLE).find((name) => role.startsWith(name)) ?? "";
        const allowed = ACTIONS_BY_ROLE[purpose] ?? /^$/;
        const own = purpose === "task" && resources.every((one) => /:::[a-z0-9-]+-uploads(\/\*)?$/.test(one));
        return actions
          .filter((action) => !allowed.test(action) && !(own && ACTIONS_ON_UPLOADS.test(action)))
          .map((action) => `${where}: ${action}`);
      }),
  },
  {
    id: "pass-role",
    says: "Roles are passed to ECS tasks and to nothing else",
    findings: (plan) =>
      statements(plan)
        .filter(({ actions }) => actions.includes("iam:PassRole"))
        .filter(
          ({ values }) => conditionOf(values, "StringEquals", "iam:PassedToService")[0] !== "ecs-tasks.amazonaws.com",
        )
        .map(({ where }) => `${where}: iam:PassRole without iam:PassedToService`),
  },
  {
    id: "run-task",
    says: "A task is started in the environment's own cluster and nowhere else",
    findings: (plan) => {
      const own = `:cluster/${text(appOutput(plan)["cluster"])}`;
      return statements(plan)
        .filter(({ actions }) => actions.includes("ecs:RunTask"))
        .filter(({ values }) => {
          const clusters = conditionOf(values, "ArnEquals", "ecs:cluster");
          return clusters.length === 0 || !clusters.every((cluster) => cluster.endsWith(own));
        })
        .map(({ where }) => `${where}: ecs:RunTask elsewhere`);
    },
  },
  {
    id: "one-environment",
    says: "No role reaches into the other environment",
    findings: (plan) => {
      const other = text(appOutput(plan)["environment"]) === "dev" ? "prod" : "dev";
      return statements(plan)
        .filter(({ resources }) => resources.some((one) => new RegExp(`[-/]${other}([-/*]|$)`).test(one)))
        .map(({ where }) => `${where}: names ${other}`);
    },
  },
];

function statements(plan: PlanJson): readonly Statement[] {
  return resourcesOf(plan, "aws_iam_role_policy").flatMap((policy) => {
    const [role = ""] = String(policy.index ?? "").split("/");
    return statementsOf(document(policy.values["policy"])).map((values) => ({
      where: policy.address,
      role,
      values,
      actions: list(values["Action"]).map(text),
      resources: list(values["Resource"]).map(text),
    }));
  });
}

function trusts(plan: PlanJson): readonly Pick<Statement, "where" | "role" | "values">[] {
  return resourcesOf(plan, "aws_iam_role").flatMap((role) =>
    statementsOf(document(role.values["assume_role_policy"])).map((values) => ({
      where: role.address,
      role: String(role.index ?? ""),
      values,
    })),
  );
}

function isPlainTrust({ Action, Principal }: Values): boolean {
  const [kind, ...others] = Object.keys(record(Principal));
  const expected = kind === "Federated" ? "sts:AssumeRoleWithWebIdentity" : "sts:AssumeRole";
  return others.length === 0 && ["Service", "Federated"].includes(kind ?? "") && text(Action) === expected;
}

/** GitHub's environment or CircleCI's branch: prod's roles are taken neither from dev's nor, to deploy, from the build's. */
function expectedSubject(role: string, environment: string): RegExp {
  const github = `repo:[\\w.-]+/[\\w.-]+:environment:${environment}${role === "ci-build" ? "-build" : ""}`;
  const branch = environment === "prod" ? "main" : "develop";
  const origin = `vcs-origin/github\\.com/[\\w.-]+/[\\w.-]+/vcs-ref/refs/heads/${branch}`;
  return new RegExp(`^(${github}|org/[\\w-]+/project/[\\w-]+/user/\\*/${origin})$`);
}

function statementsOf(policy: Json): readonly Values[] {
  return list(record(policy)["Statement"]).map(record);
}

function conditionOf(statement: Values, operator: string, key: string): readonly string[] {
  return list(record(record(statement["Condition"])[operator])[key]).map(text);
}

function* missingClaims(statement: Values, subject: RegExp): Generator<string> {
  const condition = record(statement["Condition"]);
  const claims = ["StringEquals", "StringLike"].flatMap((operator) => Object.entries(record(condition[operator])));
  const values = (suffix: string): string[] =>
    claims.filter(([name]) => name.endsWith(suffix)).flatMap(([, value]) => list(value).map(text));
  if (values(":aud").length === 0) yield "no aud";
  if (values(":aud").some((audience) => audience.includes("*"))) yield "any aud";
  const subjects = values(":sub");
  if (subjects.length === 0) yield "no sub";
  for (const found of subjects) {
    if (!subject.test(found)) yield `the sub ${found} is not of this repository, environment and branch`;
  }
}
