import type { S3Target } from "../config/target.ts";
import { element, NotS3Error } from "./failed-request.ts";
import { compareKeys } from "./key-order.ts";
import type { WireRequest } from "./s3-wire.ts";
import type { KeyRange, ListedObject } from "./store.ts";

/**
 * The pages of a listing below the target's prefix: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
 *
 * @throws NotS3Error for an answer that is none, which would read as an empty bucket
 */
export async function* listPages(
  { prefix }: S3Target,
  range: KeyRange,
  send: (request: WireRequest) => Promise<{ readonly body: string }>,
): AsyncIterable<readonly ListedObject[]> {
  let token: string | undefined;
  do {
    const { body } = await send({ method: "GET", key: "", query: pageQuery(prefix, range, token) });
    if (!body.includes("<ListBucketResult")) throw new NotS3Error("the answer is no listing of a bucket");
    const page = pageObjects(body, prefix);
    const inside = page.filter(({ key }) => range.upTo === undefined || compareKeys(key, range.upTo) <= 0);
    if (inside.length > 0) yield inside;
    token = inside.length < page.length ? undefined : element(body, "NextContinuationToken");
  } while (token !== undefined);
}

function pageQuery(prefix: string, range: KeyRange, token: string | undefined): Readonly<Record<string, string>> {
  return {
    "list-type": "2",
    prefix: prefix + range.prefix,
    // XML has no way to write most control characters, which a key may hold.
    "encoding-type": "url",
    ...(range.after === undefined ? {} : { "start-after": prefix + range.after }),
    ...(token === undefined ? {} : { "continuation-token": token }),
  };
}

/** Keys are encoded where the answer says so: not every S3 does what it is asked for here. */
function pageObjects(xml: string, prefix: string): readonly ListedObject[] {
  const isEncoded = element(xml, "EncodingType") === "url";
  return [...xml.matchAll(/<Contents>(.*?)<\/Contents>/gs)].map(([, row = ""]) => ({
    key: keyOf(element(row, "Key") ?? "", isEncoded).slice(prefix.length),
    size: Number(element(row, "Size") ?? 0),
  }));
}

function keyOf(text: string, isEncoded: boolean): string {
  return isEncoded ? decodeURIComponent(text.replaceAll("+", "%20")) : text;
}
