import { randomUUID } from "node:crypto";

import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  paginateListObjectsV2,
  S3Client,
} from "@aws-sdk/client-s3";
import { serviceVariable } from "@slipway/testkit";

/** A bucket of its own on the real S3, gone with all it holds when the scope ends. */
export interface TestBucket extends AsyncDisposable {
  readonly name: string;
  readonly client: S3Client;
  keys(): Promise<readonly string[]>;
}

/** The credentials of the S3 service, as the AWS chain looks for them. */
export function serviceCredentials(): Readonly<Record<string, string>> {
  return {
    AWS_ACCESS_KEY_ID: serviceVariable("TEST_S3_ACCESS_KEY_ID"),
    AWS_SECRET_ACCESS_KEY: serviceVariable("TEST_S3_SECRET_ACCESS_KEY"),
  };
}

export async function testBucket(): Promise<TestBucket> {
  const name = `asset-sync-test-${randomUUID()}`;
  const client = new S3Client({
    endpoint: serviceVariable("TEST_S3_ENDPOINT"),
    region: serviceVariable("TEST_S3_REGION"),
    forcePathStyle: true,
    requestChecksumCalculation: "WHEN_REQUIRED",
    credentials: {
      accessKeyId: serviceVariable("TEST_S3_ACCESS_KEY_ID"),
      secretAccessKey: serviceVariable("TEST_S3_SECRET_ACCESS_KEY"),
    },
  });
  await client.send(new CreateBucketCommand({ Bucket: name }));
  const keys = async (): Promise<readonly string[]> => {
    const found: string[] = [];
    for await (const page of paginateListObjectsV2({ client }, { Bucket: name })) {
      for (const { Key } of page.Contents ?? []) found.push(Key ?? "");
    }
    return found;
  };
  return {
    name,
    client,
    keys,
    [Symbol.asyncDispose]: async () => {
      const left = await keys();
      for (let at = 0; at < left.length; at += 50) {
        const some = left.slice(at, at + 50);
        await Promise.all(some.map((Key) => client.send(new DeleteObjectCommand({ Bucket: name, Key }))));
      }
      await client.send(new DeleteBucketCommand({ Bucket: name }));
      client.destroy();
    },
  };
}
