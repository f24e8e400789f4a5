import { add, container, each, policy, set, trust, type PlanMutation } from "./edit-plan.ts";

const GITHUB = "token.actions.githubusercontent.com:sub";

/** The same mistakes in other spellings. */
export const SCOPE_MUTATIONS: readonly PlanMutation[] = [
  {
    mistake: "a group opened by a rule of the older kind",
    policy: "known-types",
    mutate: (plan) => add(plan, "aws_security_group_rule", "open", { cidr_blocks: ["0.0.0.0/0"], from_port: 5432 }),
  },
  {
    mistake: "a policy of AWS's attached to a role",
    policy: "known-types",
    mutate: (plan) => add(plan, "aws_iam_role_policy_attachment", "admin", { role: "proff-prod-ci-deploy" }),
  },
  {
    mistake: "a policy of AWS's in a role",
    policy: "plain-statements",
    mutate: set("aws_iam_role", { managed_policy_arns: ["arn:aws:iam::aws:policy/AdministratorAccess"] }, "task-web"),
  },
  {
    mistake: "all actions but some",
    policy: "plain-statements",
    mutate: policy("task-web/assets-read", (s) => s.push({ Effect: "Allow", NotAction: ["iam:*"], Resource: ["arn"] })),
  },
  {
    mistake: "a task role for anybody",
    policy: "plain-statements",
    mutate: trust("task-web", ([s]) => (s.Principal = { AWS: "*" })),
  },
  {
    mistake: "a trust in every action of STS",
    policy: "plain-statements",
    mutate: trust("ci-deploy", ([s]) => (s.Action = "sts:*")),
  },
  {
    mistake: "prod deployed from dev's environment",
    policy: "oidc-trust",
    mutate: trust("ci-deploy", ([s]) => (s.Condition.StringEquals[GITHUB] = "repo:acme/proff:environment:dev")),
  },
  {
    mistake: "prod deployed from the build's environment, which nobody reviews",
    policy: "oidc-trust",
    mutate: trust("ci-deploy", ([s]) => (s.Condition.StringEquals[GITHUB] = "repo:acme/proff:environment:prod-build")),
  },
  {
    mistake: "anybody but the repository",
    policy: "oidc-trust",
    mutate: trust("ci-deploy", ([s]) => (s.Condition = { StringNotEquals: s.Condition.StringEquals })),
  },
  {
    mistake: "every port of every protocol",
    policy: "reach-in",
    mutate: set("aws_vpc_security_group_ingress_rule", { ip_protocol: "-1" }, "web-database"),
  },
  {
    mistake: "a list of addresses",
    policy: "open-ingress",
    mutate: set("aws_vpc_security_group_ingress_rule", { prefix_list_id: "pl-1" }, "web-database"),
  },
  {
    mistake: "a worker behind the load balancer",
    policy: "load-balanced",
    mutate: set("aws_ecs_service", { load_balancer: [{ container_port: 3000 }] }, "worker"),
  },
  {
    mistake: "a web without load balancer",
    policy: "load-balanced",
    mutate: set("aws_ecs_service", { load_balancer: [] }, "web"),
  },
  {
    mistake: "a key under a short name",
    policy: "secret-in-environment",
    mutate: container((c) => c.environment.push({ name: "STRIPE_KEY", value: "sk" })),
  },
  {
    mistake: "a password in an address",
    policy: "secret-in-environment",
    mutate: container((c) => c.environment.push({ name: "REDIS", value: "redis://:secret@host/0" })),
  },
  {
    mistake: "a password in a command",
    policy: "secret-in-environment",
    mutate: container((c) => (c.command = ["sh", "-c", "DB=postgres://proff:secret@db/proff puma"])),
  },
  {
    mistake: "logs in another Region",
    policy: "one-region",
    mutate: container((c) => (c.logConfiguration.options["awslogs-region"] = "us-east-1")),
  },
  {
    mistake: "subnets in another Region",
    policy: "one-region",
    mutate: (plan) => each(plan, "aws_subnet", (v) => (v.availability_zone = "us-east-1a")),
  },
];
