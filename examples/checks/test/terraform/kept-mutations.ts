import { add, each, lifecycle, policy, remove, set, trust, type PlanMutation } from "./edit-plan.ts";

const GITHUB = "token.actions.githubusercontent.com";

/** Mistakes in roles, storage and secrets. */
export const KEPT_MUTATIONS: readonly PlanMutation[] = [
  { mistake: "an IAM user", policy: "no-users", mutate: (plan) => add(plan, "aws_iam_user", "app", {}) },
  { mistake: "an access key", policy: "no-users", mutate: (plan) => add(plan, "aws_iam_access_key", "app", {}) },
  {
    mistake: "a bastion with a key pair",
    policy: "no-bastion",
    mutate: (plan) => add(plan, "aws_key_pair", "bastion", {}),
  },
  {
    mistake: "any branch may deploy",
    policy: "oidc-trust",
    mutate: trust("ci-deploy", ([s]) => (s.Condition.StringEquals[`${GITHUB}:sub`] = "repo:acme/proff:*")),
  },
  {
    mistake: "any repository may deploy",
    policy: "oidc-trust",
    mutate: trust("ci-deploy", ([s]) => (s.Condition.StringEquals[`${GITHUB}:sub`] = "repo:acme/*:environment:prod")),
  },
  {
    mistake: "no audience",
    policy: "oidc-trust",
    mutate: trust("ci-build", ([s]) => delete s.Condition.StringEquals[`${GITHUB}:aud`]),
  },
  { mistake: "no subject", policy: "oidc-trust", mutate: trust("ci-build", ([, s]) => delete s.Condition.StringLike) },
  {
    mistake: "every project of the organisation",
    policy: "oidc-trust",
    mutate: trust("ci-build", ([, s]) => {
      for (const key of Object.keys(s.Condition.StringLike))
        s.Condition.StringLike[key] = "org/1/project/*/user/*/vcs-ref/refs/heads/main";
    }),
  },
  {
    mistake: "a task role for any account",
    policy: "service-trust",
    mutate: trust("task-web", ([s]) => delete s.Condition),
  },
  {
    mistake: "all parameters of the environment",
    policy: "secret-path",
    mutate: policy(
      "execution-worker/read-secrets-worker",
      ([s]) => (s.Resource = ["arn:aws:ssm:ap-northeast-1:123456789012:parameter/proff/prod/*"]),
    ),
  },
  {
    mistake: "every action of S3",
    policy: "wildcards",
    mutate: policy("ci-build/assets-write", ([s]) => (s.Action = ["s3:*"])),
  },
  {
    mistake: "any service may be updated",
    policy: "wildcards",
    mutate: policy("ci-deploy/deploy", (s) => (s[2].Resource = ["*"])),
  },
  {
    mistake: "a task that deletes assets",
    policy: "role-actions",
    mutate: policy("task-web/assets-read", ([s]) => s.Action.push("s3:DeleteObject")),
  },
  {
    mistake: "a task that lists the assets",
    policy: "role-actions",
    mutate: policy("task-worker/uploads", (s) => (s[1].Resource = ["arn:aws:s3:::proff-assets"])),
  },
  {
    mistake: "a build that deploys",
    policy: "role-actions",
    mutate: policy("ci-build/assets-write", (s) =>
      s.push({ Effect: "Allow", Action: ["ecs:UpdateService"], Resource: ["arn"] }),
    ),
  },
  {
    mistake: "roles passed to anything",
    policy: "pass-role",
    mutate: policy("ci-deploy/deploy", (s) => delete s.at(-1).Condition),
  },
  {
    mistake: "a migration in any cluster",
    policy: "run-task",
    mutate: policy("ci-deploy/deploy", (s) => delete s[3].Condition),
  },
  {
    mistake: "prod's role reaches dev's bucket",
    policy: "one-environment",
    mutate: policy("task-web/assets-read", ([s]) => s.Resource.push("arn:aws:s3:::proff-dev-assets/*")),
  },
  {
    mistake: "public objects",
    policy: "bucket-private",
    mutate: set("aws_s3_bucket_public_access_block", { block_public_acls: false }),
  },
  {
    mistake: "no public access block",
    policy: "bucket-private",
    mutate: (plan) => remove(plan, "aws_s3_bucket_public_access_block"),
  },
  {
    mistake: "no origin access control",
    policy: "origin-access",
    mutate: (plan) => remove(plan, "aws_cloudfront_origin_access_control"),
  },
  {
    mistake: "assets over plain HTTP",
    policy: "origin-access",
    mutate: (plan) =>
      each(
        plan,
        "aws_cloudfront_distribution",
        (v) => (v.default_cache_behavior[0].viewer_protocol_policy = "allow-all"),
      ),
  },
  {
    mistake: "a missing asset stays missing",
    policy: "error-caching",
    mutate: (plan) => each(plan, "aws_cloudfront_distribution", (v) => (v.custom_error_response = [])),
  },
  {
    mistake: "a public database",
    policy: "database-private",
    mutate: set("aws_db_instance", { publicly_accessible: true }),
  },
  {
    mistake: "an unencrypted database",
    policy: "database-private",
    mutate: set("aws_db_instance", { storage_encrypted: false }),
  },
  {
    mistake: "prod without deletion protection",
    policy: "database-protected",
    mutate: set("aws_db_instance", { deletion_protection: false }),
  },
  {
    mistake: "prod without a final snapshot",
    policy: "database-protected",
    mutate: set("aws_db_instance", { skip_final_snapshot: true }),
  },
  {
    mistake: "a password in the state",
    policy: "secrets-write-only",
    mutate: set("aws_db_instance", { password: "x", password_wo_version: null }),
  },
  {
    mistake: "a secret in the state",
    policy: "secrets-write-only",
    mutate: set("aws_ssm_parameter", { value: "x" }, "secret_key_base"),
  },
  {
    mistake: "a parameter outside of the path",
    policy: "parameter-path",
    mutate: set("aws_ssm_parameter", { name: "/proff_prod/app/iam/secret" }, "database_url"),
  },
  {
    mistake: "tags that move",
    policy: "images-immutable",
    mutate: set("aws_ecr_repository", { image_tag_mutability: "MUTABLE" }, "app"),
  },
  {
    mistake: "images expire whatever they are",
    policy: "releases-kept",
    mutate: lifecycle((rules) => rules.push({ rulePriority: 3, selection: { tagStatus: "any" } })),
  },
  {
    mistake: "releases are not kept first",
    policy: "releases-kept",
    mutate: lifecycle((rules) => (rules[0].rulePriority = 9)),
  },
  {
    mistake: "one release is kept",
    policy: "releases-kept",
    mutate: lifecycle((rules) => (rules[0].selection.countNumber = 1)),
  },
  {
    mistake: "logs for ever",
    policy: "log-retention",
    mutate: set("aws_cloudwatch_log_group", { retention_in_days: 0 }, "web"),
  },
];
