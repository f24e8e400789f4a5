import type { ListObjectsV2CommandInput } from "@aws-sdk/client-s3";

import type { S3Target } from "../config/target.ts";
import type { S3Connection } from "./s3-client.ts";
import { compareKeys } from "./key-order.ts";
import type { KeyRange, ListedObject } from "./store.ts";

/** How pages are asked for. */
export interface ListControl {
  /** Makes a request as often as it takes. */
  readonly attempts: <T>(request: () => Promise<T>) => Promise<T>;
  readonly signal: AbortSignal | undefined;
}

/** The pages of a listing below the target's prefix: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html */
export async function* listPages(
  { sdk, client }: S3Connection,
  target: S3Target,
  range: KeyRange,
  { attempts, signal }: ListControl,
): AsyncIterable<readonly ListedObject[]> {
  let token: string | undefined;
  do {
    const command = new sdk.ListObjectsV2Command(pageRequest(target, range, token));
    const answer = await attempts(() => client.send(command, signal === undefined ? {} : { abortSignal: signal }));
    const page = (answer.Contents ?? []).map(({ Key = "", Size = 0 }) => ({
      key: decodeKey(Key).slice(target.prefix.length),
      size: Size,
    }));
    const inside = page.filter(({ key }) => range.upTo === undefined || compareKeys(key, range.upTo) <= 0);
    if (inside.length > 0) yield inside;
    token = inside.length < page.length ? undefined : answer.NextContinuationToken;
  } while (token !== undefined);
}

function pageRequest(target: S3Target, range: KeyRange, token: string | undefined): ListObjectsV2CommandInput {
  return {
    Bucket: target.bucket,
    Prefix: target.prefix + range.prefix,
    // XML has no way to write most control characters, which a key may hold.
    EncodingType: "url",
    ...(range.after === undefined ? {} : { StartAfter: target.prefix + range.after }),
    ...(token === undefined ? {} : { ContinuationToken: token }),
  };
}

function decodeKey(encoded: string): string {
  return decodeURIComponent(encoded.replaceAll("+", "%20"));
}
