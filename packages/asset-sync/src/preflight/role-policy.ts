import type { CloudFront } from "../config/cloudfront.ts";
import type { ObjectOptions } from "../config/object-options.ts";
import { RESERVED_FOLDER } from "../config/reserved-folder.ts";
import type { S3Target } from "../config/target.ts";
import { LEDGER_KEY } from "../ledger/ledger.ts";

/** Who does what: a build syncs, a container verifies, a job of its own collects. */
export const ROLES = ["build", "verify", "collect"] as const;

/** One of them. */
export type Role = (typeof ROLES)[number];

/** What a sync uses beside reading and writing. */
export type UsedOptions = ObjectOptions & { readonly cloudfront?: CloudFront };

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
  readonly Condition?: { readonly StringLike: Readonly<Record<string, readonly string[]>> };
}

/**
 * The least policy that a role can do its work with. Pure. A build neither lists nor deletes objects; ending an upload in
 * parts that has failed is a right of its own.
 */
export function rolePolicy(role: Role, target: S3Target, used: UsedOptions): Policy {
  return { Version: "2012-10-17", Statement: STATEMENTS[role](target, used) };
}

type Statements = (target: S3Target, used: UsedOptions) => readonly Statement[];

const STATEMENTS: Readonly<Record<Role, Statements>> = {
  build: (target, objects) => [
    allow("ReadAndSendAssets", [...BUILD_ACTIONS, ...objectActions(objects)], [objectArn(target, "*")]),
    ...keyStatements(objects, ["kms:Decrypt", "kms:GenerateDataKey"]),
    ...invalidationStatements(objects),
  ],
  verify: (target, objects) => [
    allow("ReadLedger", ["s3:GetObject"], [objectArn(target, LEDGER_KEY)]),
    ...keyStatements(objects, ["kms:Decrypt"]),
  ],
  collect: (target, objects) => [
    allow("ReadAndWriteLedger", ["s3:GetObject", "s3:PutObject"], [objectArn(target, `${RESERVED_FOLDER}/*`)]),
    allow("DeleteAssets", ["s3:DeleteObject"], [objectArn(target, "*")]),
    {
      ...allow("ListAssets", ["s3:ListBucket"], [bucketArn(target)]),
      Condition: { StringLike: { "s3:prefix": [`${target.prefix}*`] } },
    },
    ...keyStatements(objects, ["kms:Decrypt", "kms:GenerateDataKey"]),
  ],
};

const BUILD_ACTIONS = ["s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload"] as const;

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html */
function objectActions({ acl, tags }: ObjectOptions): readonly string[] {
  const copied = ["s3:GetObjectTagging", "s3:PutObjectTagging"];
  return [...(acl === undefined ? [] : ["s3:PutObjectAcl"]), ...(tags === undefined ? [] : copied)];
}

/** Objects that KMS encrypts are read and written with its key, which a policy has to name. */
function keyStatements({ encryption }: ObjectOptions, actions: readonly string[]): readonly Statement[] {
  const keyId = encryption?.keyId;
  return keyId === undefined ? [] : [allow("UseKey", actions, [keyId.startsWith("arn:") ? keyId : keyArn(keyId)])];
}

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudfront.html; the account is the role's own. */
function invalidationStatements({ cloudfront }: UsedOptions): readonly Statement[] {
  if (cloudfront === undefined) return [];
  const arn = `arn:aws:cloudfront::*:distribution/${cloudfront.distribution}`;
  return [allow("InvalidateChanged", ["cloudfront:CreateInvalidation"], [arn])];
}

function keyArn(keyId: string): string {
  return `arn:aws:kms:*:*:${keyId.startsWith("alias/") ? keyId : `key/${keyId}`}`;
}

function allow(name: string, actions: readonly string[], resources: readonly string[]): Statement {
  return { Sid: name, Effect: "Allow", Action: actions, Resource: resources };
}

function bucketArn({ bucket }: S3Target): string {
  return `arn:aws:s3:::${bucket}`;
}

function objectArn(target: S3Target, key: string): string {
  return `${bucketArn(target)}/${target.prefix}${key}`;
}
