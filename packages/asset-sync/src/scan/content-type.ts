import { posix } from "node:path";

import { contentType as lookUp } from "mime-types";

/** Where the registry's answer is not the one CDNs compress or browsers expect. */
const OVERRIDES: Readonly<Record<string, string>> = {
  // CloudFront compresses this one: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/ServingCompressedFiles.html
  ".ico": "image/x-icon",
  ".map": "application/json; charset=utf-8",
  ".svg": "image/svg+xml; charset=utf-8",
  ".xml": "application/xml; charset=utf-8",
};

/** The media type of a name, text types with `charset=utf-8`; `application/octet-stream` for an unknown ending. */
export function contentType(name: string): string {
  const extension = posix.extname(name).toLowerCase();
  if (extension === "") return "application/octet-stream";
  const found = OVERRIDES[extension] ?? lookUp(extension);
  return found === false ? "application/octet-stream" : found;
}
