import { appOutput, block, document, list, record, resourcesOf, text, type PlanJson, type Values } from "./plan.ts";
import type { Policy } from "./policy.ts";

const PUBLIC_ACCESS = ["block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"];

/** Rules about what is kept: assets, images, data, secrets, logs. */
export const STORAGE_POLICIES: readonly Policy[] = [
  {
    id: "bucket-private",
    says: "The assets' bucket is closed to the public and cannot be emptied by Terraform",
    findings: (plan) => [
      ...resourcesOf(plan, "aws_s3_bucket_public_access_block").flatMap(({ address, values }) =>
        PUBLIC_ACCESS.filter((name) => values[name] !== true).map((name) => `${address}: ${name} is not on`),
      ),
      ...counted(plan, "aws_s3_bucket_public_access_block", resourcesOf(plan, "aws_s3_bucket").length),
      ...resourcesOf(plan, "aws_s3_bucket")
        .filter(({ values }) => values["force_destroy"] === true)
        .map(({ address }) => `${address}: force_destroy`),
    ],
  },
  {
    id: "origin-access",
    says: "CloudFront signs what it asks of the bucket, and browsers use HTTPS",
    findings: (plan) => [
      ...counted(plan, "aws_cloudfront_origin_access_control", 1),
      ...resourcesOf(plan, "aws_cloudfront_origin_access_control")
        .filter(({ values }) => values["signing_behavior"] !== "always")
        .map(({ address }) => `${address}: does not always sign`),
      ...resourcesOf(plan, "aws_cloudfront_distribution")
        .filter(
          ({ values }) => block(values, "default_cache_behavior")["viewer_protocol_policy"] !== "redirect-to-https",
        )
        .map(({ address }) => `${address}: plain HTTP`),
    ],
  },
  {
    id: "error-caching",
    says: "A missing file is asked for again: it may be on its way",
    findings: (plan) =>
      resourcesOf(plan, "aws_cloudfront_distribution")
        .filter(({ values }) => block(values, "custom_error_response")["error_caching_min_ttl"] !== 0)
        .map(({ address }) => `${address}: errors are cached`),
  },
  {
    id: "database-private",
    says: "The database has no public address and is encrypted",
    findings: (plan) =>
      resourcesOf(plan, "aws_db_instance")
        .filter(({ values }) => values["publicly_accessible"] !== false || values["storage_encrypted"] !== true)
        .map(({ address }) => `${address}: public or not encrypted`),
  },
  {
    id: "database-protected",
    says: "prod's database survives a mistake: protection, final snapshot, two zones, a week of backups",
    findings: (plan) =>
      text(appOutput(plan)["environment"]) === "prod"
        ? resourcesOf(plan, "aws_db_instance")
            .filter(({ values }) => !isProtected(values))
            .map(({ address }) => address)
        : [],
  },
  {
    id: "secrets-write-only",
    says: "No secret is a value that the state keeps",
    findings: (plan) => [
      ...resourcesOf(plan, "aws_ssm_parameter")
        .filter(({ values }) => values["type"] === "SecureString" && !isWriteOnly(values, "value"))
        .map(({ address }) => `${address}: its value is not write-only`),
      ...resourcesOf(plan, "aws_db_instance")
        .filter(({ values }) => !isWriteOnly(values, "password"))
        .map(({ address }) => `${address}: its password is not write-only`),
    ],
  },
  {
    id: "parameter-path",
    says: "Parameters lie below /application/environment/, with the name of the variable they become",
    findings: (plan) => {
      const environment = text(appOutput(plan)["environment"]);
      return resourcesOf(plan, "aws_ssm_parameter")
        .filter(({ values }) => !new RegExp(`^/[a-z0-9-]+/${environment}/[A-Z_]+$`).test(text(values["name"])))
        .map(({ address, values }) => `${address}: ${text(values["name"])}`);
    },
  },
  {
    id: "images-immutable",
    says: "A tag of an image that runs never moves, and images are scanned",
    findings: (plan) =>
      resourcesOf(plan, "aws_ecr_repository")
        .filter(({ name }) => name !== "cache")
        .filter(
          ({ values }) =>
            values["image_tag_mutability"] !== "IMMUTABLE" ||
            block(values, "image_scanning_configuration")["scan_on_push"] !== true,
        )
        .map(({ address }) => `${address}: mutable or not scanned`),
  },
  {
    id: "releases-kept",
    says: "The lifecycle's first rule keeps releases, and no later rule can match them",
    findings: (plan) =>
      resourcesOf(plan, "aws_ecr_lifecycle_policy")
        .filter(({ name }) => name !== "cache")
        .flatMap(({ address, values }) => lifecycleFaults(values).map((fault) => `${address}: ${fault}`)),
  },
  {
    id: "log-retention",
    says: "Logs end some day",
    findings: (plan) =>
      resourcesOf(plan, "aws_cloudwatch_log_group")
        .filter(({ values }) => Number(values["retention_in_days"] ?? 0) === 0)
        .map(({ address }) => `${address}: kept for ever`),
  },
];

function counted(plan: PlanJson, type: string, expected: number): readonly string[] {
  const found = resourcesOf(plan, type).length;
  return found === expected ? [] : [`${found} of ${type}, expected ${expected}`];
}

function isProtected(values: Values): boolean {
  return (
    values["deletion_protection"] === true &&
    values["skip_final_snapshot"] === false &&
    values["multi_az"] === true &&
    Number(values["backup_retention_period"]) >= 7
  );
}

function isWriteOnly(values: Values, name: string): boolean {
  return (values[name] ?? null) === null && Number(values[`${name}_wo_version`] ?? 0) > 0;
}

function lifecycleFaults(values: Values): readonly string[] {
  const rules = list(record(document(values["policy"]))["rules"])
    .map(record)
    .toSorted((a, b) => Number(a["rulePriority"]) - Number(b["rulePriority"]));
  const [first, ...later] = rules.map((rule) => record(rule["selection"]));
  const keeps = list(first?.["tagPrefixList"]).includes("release-") && first?.["countType"] === "imageCountMoreThan";
  const reaches = later.filter(
    (selection) =>
      selection["tagStatus"] === "any" ||
      list(selection["tagPrefixList"]).some((prefix) => "release-".startsWith(text(prefix))),
  );
  return [
    ...(keeps ? [] : ["the first rule does not keep release-"]),
    ...(Number(first?.["countNumber"] ?? 0) >= 10 ? [] : ["fewer than ten releases are kept"]),
    ...reaches.map(() => "a later rule matches releases"),
  ];
}
