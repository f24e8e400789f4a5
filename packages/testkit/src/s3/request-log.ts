/** One request as it reached the wire. */
export interface LoggedRequest {
  readonly method: string;
  /** The bucket of a path-style request. */
  readonly bucket: string;
  /** The decoded key; "" for the bucket itself. */
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Set when the answer is on its way; undefined while it is not, or when the connection was cut. */
  status?: number;
}

/** What a path-style URL names. */
export interface PathStyleAddress {
  readonly bucket: string;
  readonly key: string;
}

/** Splits the path of a request URL into bucket and key; undefined when its percent signs encode no text. */
export function pathStyleAddress(url: string): PathStyleAddress | undefined {
  const [path = "/"] = url.split("?");
  try {
    const [, bucket = "", ...key] = path.split("/").map((part) => decodeURIComponent(part));
    return { bucket, key: key.join("/") };
  } catch {
    return undefined;
  }
}

/** Headers with one text each, by lower-case name. */
export function plainHeaders(headers: NodeJS.Dict<string | string[]>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(",") : (value ?? "")]),
  );
}
