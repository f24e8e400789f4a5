import { createHash, randomUUID } from "node:crypto";

import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  S3Client,
} from "@aws-sdk/client-s3";
import { serviceVariable } from "@slipway/testkit";

/** What is served under a key. */
export interface Served {
  readonly sha256: string;
  readonly type: string | undefined;
  readonly encoding: string | undefined;
  readonly caching: string | undefined;
}

/** A bucket of its own on the real S3, gone with all it holds when the scope ends. */
export interface AssetOrigin extends AsyncDisposable {
  readonly name: string;
  /** Every asset there is, by key; asset-sync's own objects are none. */
  served(): Promise<Readonly<Record<string, Served>>>;
}

export async function assetOrigin(): Promise<AssetOrigin> {
  const name = `deploy-test-${randomUUID()}`;
  const client = new S3Client({
    endpoint: serviceVariable("TEST_S3_ENDPOINT"),
    region: serviceVariable("TEST_S3_REGION"),
    forcePathStyle: true,
    credentials: {
      accessKeyId: serviceVariable("TEST_S3_ACCESS_KEY_ID"),
      secretAccessKey: serviceVariable("TEST_S3_SECRET_ACCESS_KEY"),
    },
  });
  await client.send(new CreateBucketCommand({ Bucket: name }));
  const keys = async (): Promise<readonly string[]> => {
    const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: name }));
    return Contents.flatMap(({ Key }) => Key ?? []);
  };
  const read = async (key: string): Promise<Served> => {
    const answer = await client.send(new GetObjectCommand({ Bucket: name, Key: key }));
    const body = (await answer.Body?.transformToByteArray()) ?? Buffer.alloc(0);
    return {
      sha256: createHash("sha256").update(body).digest("hex"),
      type: answer.ContentType,
      encoding: answer.ContentEncoding,
      caching: answer.CacheControl,
    };
  };
  return {
    name,
    served: async () => {
      const assets = (await keys()).filter((key) => !key.startsWith(".asset-sync/"));
      return Object.fromEntries(await Promise.all(assets.map(async (key) => [key, await read(key)] as const)));
    },
    [Symbol.asyncDispose]: async () => {
      for (const Key of await keys()) await client.send(new DeleteObjectCommand({ Bucket: name, Key }));
      await client.send(new DeleteBucketCommand({ Bucket: name }));
      client.destroy();
    },
  };
}
