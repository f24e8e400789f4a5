import { sendRequest } from "./http-request.ts";
import { textFields } from "./text-fields.ts";

/**
 * What ECS says at `address` this container's image is: its digest, otherwise its tag; `undefined` when there is only a tag
 * that moves on by itself. Rejects when there is no answer.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-metadata-endpoint-v4-response.html
 */
export async function containerImage(address: string, signal: AbortSignal): Promise<string | undefined> {
  const url = new URL(address);
  const { status, body } = await sendRequest({ method: "GET", url, headers: {}, body: "" }, signal);
  if (status !== 200) throw new Error(`answered ${String(status)}`);
  const { ImageDigest = "", ImageID = "", Image = "" } = textFields(body);
  const [, inReference = ""] = Image.split("@");
  return [ImageDigest, inReference, ImageID].find((digest) => DIGEST.test(digest)) ?? fixedTag(Image);
}

const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** A tag that is not made to be moved. The port of a registry has a slash after it. */
function fixedTag(image: string): string | undefined {
  const [, tag] = /:([^:/@]+)$/.exec(image) ?? [];
  return tag === "latest" ? undefined : tag;
}
