import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectsCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  S3Client,
} from "@aws-sdk/client-s3";

import type { Servers } from "./servers.ts";

/** A bucket of its own whose assets and sitemap anybody may read, as a CDN's origin would be. */
export interface AssetBucket extends AsyncDisposable {
  readonly name: string;
  /** Where browsers find the bucket's keys. */
  readonly url: string;
}

/** Makes the bucket; it is emptied and removed when the scope ends. */
export async function makeAssetBucket(servers: Servers, name: string): Promise<AssetBucket> {
  const { endpoint, region, accessKeyId, secretAccessKey } = servers.s3;
  const client = new S3Client({
    endpoint,
    region,
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey },
  });
  await client.send(new CreateBucketCommand({ Bucket: name }));
  await client.send(new PutBucketPolicyCommand({ Bucket: name, Policy: JSON.stringify(publicFolders(name)) }));
  return {
    name,
    url: `${endpoint}/${name}`,
    [Symbol.asyncDispose]: async () => {
      await emptyBucket(client, name);
      await client.send(new DeleteBucketCommand({ Bucket: name }));
      client.destroy();
    },
  };
}

function publicFolders(bucket: string): object {
  const Resource = ["assets", "sitemaps"].map((folder) => `arn:aws:s3:::${bucket}/${folder}/*`);
  return {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: "*", Action: ["s3:GetObject"], Resource }],
  };
}

async function emptyBucket(client: S3Client, bucket: string): Promise<void> {
  for (;;) {
    const page = await client.send(new ListObjectsV2Command({ Bucket: bucket }));
    const objects = (page.Contents ?? []).map(({ Key }) => ({ Key }));
    if (objects.length === 0) return;
    await client.send(new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects: objects } }));
  }
}
