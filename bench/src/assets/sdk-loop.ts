import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { argv } from "node:process";

import { HeadObjectCommand, NotFound, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { contentType } from "mime-types";
import pLimit from "p-limit";

/** What a team writes in an afternoon: ask for each file whether it is there, and put it where it is not. */
const [, , tree = "", bucket = "", endpoint = ""] = argv;
const client = new S3Client({ endpoint, forcePathStyle: true, region: "us-east-1" });
await pLimit(32).map(await readdir(join(tree, "assets")), async (name) => {
  const object = { Bucket: bucket, Key: `assets/${name}` };
  if (await isThere(object)) return;
  const Body = await readFile(join(tree, "assets", name));
  await client.send(new PutObjectCommand({ ...object, Body, ContentType: contentType(name) || undefined }));
});

async function isThere(object: { readonly Bucket: string; readonly Key: string }): Promise<boolean> {
  try {
    await client.send(new HeadObjectCommand(object));
    return true;
  } catch (error) {
    if (error instanceof NotFound) return false;
    throw error;
  }
}
