import type { DoubleObject } from "./object-table.ts";

const MOST_KEYS = 1000;

/** The answer to ListObjectsV2: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html */
export function listAnswer(objects: ReadonlyMap<string, DoubleObject>, url: string): string {
  const query = new URL(url, "http://double").searchParams;
  const prefix = query.get("prefix") ?? "";
  const after = Buffer.from(query.get("continuation-token") ?? query.get("start-after") ?? "");
  const atMost = Math.min(Number(query.get("max-keys") ?? MOST_KEYS), MOST_KEYS);
  const keys = [...objects.keys()]
    .filter((key) => key.startsWith(prefix) && Buffer.compare(Buffer.from(key), after) > 0)
    .toSorted((left, right) => Buffer.compare(Buffer.from(left), Buffer.from(right)));
  const page = keys.slice(0, atMost);
  const isEncoded = query.get("encoding-type") === "url";
  const written = isEncoded ? urlEncoded : xmlEncoded;
  const rows = page.map((key) => contentRow(written(key), objects.get(key)));
  const last = keys.length > page.length ? page.at(-1) : undefined;
  const next = last === undefined ? "" : `<NextContinuationToken>${xmlEncoded(last)}</NextContinuationToken>`;
  return (
    `<ListBucketResult>${isEncoded ? "<EncodingType>url</EncodingType>" : ""}<IsTruncated>${last !== undefined}</IsTruncated>` +
    `<KeyCount>${page.length}</KeyCount>${next}${rows.join("")}</ListBucketResult>`
  );
}

function contentRow(key: string, object: DoubleObject | undefined): string {
  return `<Contents><Key>${key}</Key><Size>${object?.body.length ?? 0}</Size><ETag>&quot;${object?.etag ?? ""}&quot;</ETag></Contents>`;
}

/** As AWS does: a blank becomes a plus sign, a slash stays. */
function urlEncoded(key: string): string {
  return encodeURIComponent(key).replaceAll("%20", "+").replaceAll("%2F", "/");
}

function xmlEncoded(key: string): string {
  return key.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
