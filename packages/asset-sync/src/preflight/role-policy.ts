import { awsPartition } from "../config/aws-partition.ts";
import type { CloudFront } from "../config/cloudfront.ts";
import type { ObjectOptions } from "../config/object-options.ts";
import { RESERVED_FOLDER } from "../config/reserved-folder.ts";
import type { S3Target } from "../config/target.ts";
import type { EcsService } from "../collect/ecs-tasks.ts";
import { LEDGER_KEY } from "../ledger/ledger.ts";

/** Who does what: a build syncs, a container verifies, a job of its own collects. */
export const ROLES = ["build", "verify", "collect"] as const;

/** One of them. */
export type Role = (typeof ROLES)[number];

/** What a sync or collection uses beside reading and writing. */
export type UsedOptions = ObjectOptions & {
  readonly cloudfront?: CloudFront;
  /** Those that a collection asks what runs. */
  readonly services?: readonly EcsService[];
};

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html */
export interface Policy {
  readonly Version: "2012-10-17";
  readonly Statement: readonly Statement[];
}

/** One permission of a policy. */
export interface Statement {
  readonly Sid: string;
  readonly Effect: "Allow";
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: Readonly<Partial<Record<"StringLike" | "ArnLike", Readonly<Record<string, readonly string[]>>>>>;
}

/**
 * The least policy that a role can do its work with, in the partition of the target's region. Pure. A build neither lists nor deletes objects; ending an upload in
 * parts that has failed is a right of its own.
 */
export function rolePolicy(role: Role, target: S3Target, used: UsedOptions): Policy {
  return { Version: "2012-10-17", Statement: STATEMENTS[role](target, used) };
}

type Statements = (target: S3Target, used: UsedOptions) => readonly Statement[];

const STATEMENTS: Readonly<Record<Role, Statements>> = {
  build: (target, objects) => [
    allow("ReadAndSendAssets", [...BUILD_ACTIONS, ...objectActions(objects)], [objectArn(target, "*")]),
    ...keyStatements(target, objects, ["kms:Decrypt", "kms:GenerateDataKey"]),
    ...invalidationStatements(target, objects),
  ],
  verify: (target, objects) => [
    allow("ReadLedger", ["s3:GetObject"], [objectArn(target, LEDGER_KEY)]),
    ...keyStatements(target, objects, ["kms:Decrypt"]),
  ],
  collect: (target, objects) => [
    allow("ReadAndWriteLedger", ["s3:GetObject", "s3:PutObject"], [objectArn(target, `${RESERVED_FOLDER}/*`)]),
    allow("DeleteAssets", ["s3:DeleteObject"], [objectArn(target, "*")]),
    {
      ...allow("ListAssets", ["s3:ListBucket"], [bucketArn(target)]),
      Condition: { StringLike: { "s3:prefix": [`${target.prefix}*`] } },
    },
    ...keyStatements(target, objects, ["kms:Decrypt", "kms:GenerateDataKey"]),
    ...(objects.services ?? []).flatMap((service, n) => runningStatements(target, service, n + 1)),
  ],
};

const BUILD_ACTIONS = ["s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload"] as const;

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html */
function objectActions({ acl, tags }: ObjectOptions): readonly string[] {
  const copied = ["s3:GetObjectTagging", "s3:PutObjectTagging"];
  return [...(acl === undefined ? [] : ["s3:PutObjectAcl"]), ...(tags === undefined ? [] : copied)];
}

/** Objects that KMS encrypts are read and written with its key, which a policy has to name. */
function keyStatements(
  target: S3Target,
  { encryption }: ObjectOptions,
  actions: readonly string[],
): readonly Statement[] {
  const keyId = encryption?.keyId;
  if (keyId === undefined) return [];
  const name = keyId.startsWith("alias/") ? keyId : `key/${keyId}`;
  return [allow("UseKey", actions, [keyId.startsWith("arn:") ? keyId : arn(target, `kms:*:*:${name}`)])];
}

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudfront.html; the account is the role's own. */
function invalidationStatements(target: S3Target, { cloudfront }: UsedOptions): readonly Statement[] {
  if (cloudfront === undefined) return [];
  const distribution = arn(target, `cloudfront::*:distribution/${cloudfront.distribution}`);
  return [allow("InvalidateChanged", ["cloudfront:CreateInvalidation"], [distribution])];
}

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html */
function runningStatements(target: S3Target, { cluster, service }: EcsService, n: number): readonly Statement[] {
  const ecs = (resource: string): string => arn(target, `ecs:${target.region ?? "*"}:*:${resource}`);
  const inCluster = { ArnLike: { "ecs:cluster": [ecs(`cluster/${cluster}`)] } };
  const described = [ecs(`service/${cluster}/${service}`), ecs(`task/${cluster}/*`)];
  return [
    allow(`SeeService${n}`, ["ecs:DescribeServices", "ecs:DescribeTasks"], described),
    { ...allow(`ListTasks${n}`, ["ecs:ListTasks"], ["*"]), Condition: inCluster },
    // No narrower resource is known to this action.
    ...(n === 1 ? [allow("ReadTaskDefinitions", ["ecs:DescribeTaskDefinition"], ["*"])] : []),
  ];
}

function arn({ region = "" }: S3Target, rest: string): string {
  return `arn:${awsPartition(region).name}:${rest}`;
}

function allow(name: string, actions: readonly string[], resources: readonly string[]): Statement {
  return { Sid: name, Effect: "Allow", Action: actions, Resource: resources };
}

function bucketArn(target: S3Target): string {
  return arn(target, `s3:::${target.bucket}`);
}

function objectArn(target: S3Target, key: string): string {
  return `${bucketArn(target)}/${target.prefix}${key}`;
}
