import type { BucketRequest } from "./bucket.ts";

/** An action of IAM and the key that it is done to; "" for the bucket. */
export type NeededAction = readonly [action: string, key: string];

/** What a role must be allowed for a request: https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html */
export function neededActions({ request, url, body }: BucketRequest): readonly NeededAction[] {
  const { method, key, headers } = request;
  const query = new URL(url, "http://double").searchParams;
  if (method === "GET" && key === "") return [[query.has("list-type") ? "s3:ListBucket" : "s3:GetBucketSetting", ""]];
  if (method === "GET" || method === "HEAD") return [[query.has("acl") ? "s3:GetObjectAcl" : "s3:GetObject", key]];
  if (method === "DELETE") return [[query.has("uploadId") ? "s3:AbortMultipartUpload" : "s3:DeleteObject", key]];
  if (query.has("delete")) {
    return [...body.toString().matchAll(/<Key>(.*?)<\/Key>/gs)].map(([, one = ""]) => ["s3:DeleteObject", one]);
  }
  const extra = [
    ["x-amz-copy-source", "s3:GetObject"],
    ["x-amz-acl", "s3:PutObjectAcl"],
    ["x-amz-tagging", "s3:PutObjectTagging"],
  ] as const;
  const more = extra.filter(([name]) => headers[name] !== undefined).map(([, action]) => [action, key] as const);
  return [["s3:PutObject", key], ...more];
}
