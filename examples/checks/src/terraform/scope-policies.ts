import { appOutput, resources, text } from "./plan.ts";
import type { Policy } from "./policy.ts";

/** The kinds of resources that the other rules know how to look at. */
const KNOWN_TYPES: ReadonlySet<string> = new Set([
  "aws_appautoscaling_policy",
  "aws_appautoscaling_target",
  "aws_cloudfront_distribution",
  "aws_cloudfront_origin_access_control",
  "aws_cloudwatch_log_group",
  "aws_cloudwatch_metric_alarm",
  "aws_db_instance",
  "aws_db_parameter_group",
  "aws_db_subnet_group",
  "aws_ecr_lifecycle_policy",
  "aws_ecr_repository",
  "aws_ecs_cluster",
  "aws_ecs_service",
  "aws_ecs_task_definition",
  "aws_eip",
  "aws_iam_openid_connect_provider",
  "aws_iam_role",
  "aws_iam_role_policy",
  "aws_internet_gateway",
  "aws_lb",
  "aws_lb_listener",
  "aws_lb_target_group",
  "aws_nat_gateway",
  "aws_route",
  "aws_route_table",
  "aws_route_table_association",
  "aws_s3_bucket",
  "aws_s3_bucket_lifecycle_configuration",
  "aws_s3_bucket_ownership_controls",
  "aws_s3_bucket_policy",
  "aws_s3_bucket_public_access_block",
  "aws_s3_bucket_server_side_encryption_configuration",
  "aws_s3_bucket_versioning",
  "aws_scheduler_schedule",
  "aws_scheduler_schedule_group",
  "aws_security_group",
  "aws_service_discovery_http_namespace",
  "aws_ssm_parameter",
  "aws_subnet",
  "aws_vpc",
  "aws_vpc_endpoint",
  "aws_vpc_security_group_egress_rule",
  "aws_vpc_security_group_ingress_rule",
]);

const REGION = /\b(?:af|ap|ca|eu|il|me|mx|sa|us)-[a-z]+-\d/g;

/** Rules about what a plan may hold at all. */
export const SCOPE_POLICIES: readonly Policy[] = [
  {
    id: "known-types",
    says: "Nothing that no rule looks at, such as another way to open a group or to give a role more",
    findings: (plan) =>
      resources(plan)
        .filter(({ type }) => !KNOWN_TYPES.has(type))
        .map(({ address, type }) => `${address}: no rule looks at ${type}`),
  },
  {
    id: "one-region",
    says: "Everything is in the one Region",
    findings: (plan) => {
      const region = text(appOutput(plan)["region"]);
      return resources(plan).flatMap(({ address, values }) => {
        const others = new Set(JSON.stringify(values).match(REGION));
        others.delete(region);
        return [...others].map((other) => `${address}: names ${other}, expected ${region}`);
      });
    },
  },
];
