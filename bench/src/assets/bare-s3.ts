import { createHash, createHmac } from "node:crypto";
import { Agent, request } from "node:http";

import { serviceVariable } from "@slipway/testkit";

/** Requests at once. */
const IN_FLIGHT = 64;

interface Signed {
  readonly agent: Agent;
  readonly method: "PUT" | "GET" | "DELETE";
  readonly path: string;
  readonly query?: string;
  readonly body?: Buffer;
}

/** Puts an object, or makes a bucket. */
export function put(agent: Agent, endpoint: string, path: string, body: Buffer): Promise<string> {
  return send(endpoint, { agent, method: "PUT", path, body });
}

/** Signs by hand: https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html */
function send(endpoint: string, { agent, method, path, query = "", body = Buffer.alloc(0) }: Signed): Promise<string> {
  const { hostname, port, host } = new URL(endpoint);
  const date = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, "");
  const scope = `${date.slice(0, 8)}/us-east-1/s3/aws4_request`;
  const digest = createHash("sha256").update(body).digest("hex");
  const names = "host;x-amz-content-sha256;x-amz-date";
  const lines = `host:${host}\nx-amz-content-sha256:${digest}\nx-amz-date:${date}\n`;
  const canonical = `${method}\n${path}\n${query}\n${lines}\n${names}\n${digest}`;
  const text = `AWS4-HMAC-SHA256\n${date}\n${scope}\n${createHash("sha256").update(canonical).digest("hex")}`;
  let key: Buffer | string = `AWS4${serviceVariable("TEST_S3_SECRET_ACCESS_KEY")}`;
  for (const part of scope.split("/")) key = createHmac("sha256", key).update(part).digest();
  const signature = createHmac("sha256", key).update(text).digest("hex");
  const who = `${serviceVariable("TEST_S3_ACCESS_KEY_ID")}/${scope}`;
  const headers = {
    host,
    "x-amz-content-sha256": digest,
    "x-amz-date": date,
    authorization: `AWS4-HMAC-SHA256 Credential=${who}, SignedHeaders=${names}, Signature=${signature}`,
    "content-length": String(body.length),
  };
  const whole = query === "" ? path : `${path}?${query}`;
  return new Promise((resolve, reject) => {
    const sent = request({ agent, hostname, port, method, path: whole, headers }, (answer) => {
      let said = "";
      answer.on("data", (chunk: Buffer) => (said += chunk.toString()));
      answer.once("end", () => {
        if ((answer.statusCode ?? 0) < 300) resolve(said);
        else reject(new Error(`${method} ${path}: HTTP status ${answer.statusCode}`));
      });
    });
    sent.once("error", reject).end(body);
  });
}

/** Does `work` for all items, 64 at a time, on kept connections. */
export async function inParallel<T>(
  items: readonly T[],
  work: (item: T, agent: Agent) => Promise<unknown>,
): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: IN_FLIGHT });
  let at = 0;
  const lane = async (): Promise<void> => {
    for (let item = items[at++]; item !== undefined; item = items[at++]) await work(item, agent);
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, lane));
  agent.destroy();
}

/** Removes a bucket with all that it holds. */
export async function removeBucket(bucket: string): Promise<void> {
  const endpoint = serviceVariable("TEST_S3_ENDPOINT");
  const agent = new Agent();
  while (true) {
    const page = await send(endpoint, { agent, method: "GET", path: `/${bucket}`, query: "list-type=2" });
    const keys = [...page.matchAll(/<Key>([^<]+)<\/Key>/g)].map(([, key = ""]) => key);
    if (keys.length === 0) break;
    await inParallel(keys, (key, lane) => send(endpoint, { agent: lane, method: "DELETE", path: `/${bucket}/${key}` }));
  }
  await send(endpoint, { agent, method: "DELETE", path: `/${bucket}` });
}
