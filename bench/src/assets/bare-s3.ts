import { createHash, createHmac } from "node:crypto";
import { Agent, request } from "node:http";

import { goOnUnlessAsked } from "../interruption.ts";

/** A server that is silent for so long has lost a request: the benchmark must not wait for it for ever. */
const SILENT_MS = 60_000;

/** Requests at once. */
const IN_FLIGHT = 64;

/** Objects that one request removes: a server goes through them one after the other, and through requests side by side. */
const REMOVED_AT_ONCE = 100;

/** A server that speaks S3, and who asks it. */
export interface S3Server {
  readonly endpoint: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

type Headers = Readonly<Record<string, string>>;

interface Signed {
  readonly agent: Agent;
  readonly method: "PUT" | "GET" | "DELETE" | "POST";
  readonly path: string;
  readonly query?: string;
  readonly body?: Buffer;
  readonly headers?: Headers;
}

/** Puts an object, or makes a bucket. */
export function put(agent: Agent, server: S3Server, path: string, sent: Pick<Signed, "body"> = {}): Promise<string> {
  return send(server, { agent, method: "PUT", path, ...sent });
}

/** Does `work` for all items, 64 at a time, on kept connections. */
export async function inParallel<T>(
  items: readonly T[],
  work: (item: T, agent: Agent) => Promise<unknown>,
): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: IN_FLIGHT });
  let at = 0;
  const lane = async (): Promise<void> => {
    for (let item = items[at++]; item !== undefined; item = items[at++]) {
      goOnUnlessAsked();
      await work(item, agent);
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, lane));
  agent.destroy();
}

/** Removes a bucket with all that it holds, whatever a signal asks for. */
export async function removeBucket(server: S3Server, bucket: string): Promise<void> {
  const agent = new Agent({ keepAlive: true });
  while (true) {
    const page = await send(server, { agent, method: "GET", path: `/${bucket}`, query: "list-type=2" });
    const keys = [...page.matchAll(/<Key>([^<]+)<\/Key>/g)].map(([, key = ""]) => key);
    if (keys.length === 0) break;
    const parts = Array.from({ length: Math.ceil(keys.length / REMOVED_AT_ONCE) }, (_, at) => at * REMOVED_AT_ONCE);
    await Promise.all(parts.map((at) => removeObjects(server, agent, bucket, keys.slice(at, at + REMOVED_AT_ONCE))));
  }
  await send(server, { agent, method: "DELETE", path: `/${bucket}` });
  agent.destroy();
}

async function removeObjects(server: S3Server, agent: Agent, bucket: string, keys: readonly string[]): Promise<void> {
  const objects = keys.map((key) => `<Object><Key>${key}</Key></Object>`).join("");
  const body = Buffer.from(`<Delete><Quiet>true</Quiet>${objects}</Delete>`);
  const headers = { "content-md5": createHash("md5").update(body).digest("base64") };
  const said = await send(server, { agent, method: "POST", path: `/${bucket}`, query: "delete=", body, headers });
  if (said.includes("<Error>")) throw new Error(`objects of ${bucket} were not removed: ${said.slice(0, 500)}`);
}

/** Signs by hand: https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html */
function send(
  server: S3Server,
  { agent, method, path, query = "", body = Buffer.alloc(0), headers = {} }: Signed,
): Promise<string> {
  const { hostname, port, host } = new URL(server.endpoint);
  const date = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, "");
  const scope = `${date.slice(0, 8)}/us-east-1/s3/aws4_request`;
  const digest = createHash("sha256").update(body).digest("hex");
  const names = "host;x-amz-content-sha256;x-amz-date";
  const lines = `host:${host}\nx-amz-content-sha256:${digest}\nx-amz-date:${date}\n`;
  const canonical = `${method}\n${path}\n${query}\n${lines}\n${names}\n${digest}`;
  const text = `AWS4-HMAC-SHA256\n${date}\n${scope}\n${createHash("sha256").update(canonical).digest("hex")}`;
  let key: Buffer | string = `AWS4${server.secretAccessKey}`;
  for (const part of scope.split("/")) key = createHmac("sha256", key).update(part).digest();
  const signature = createHmac("sha256", key).update(text).digest("hex");
  const authorization = `AWS4-HMAC-SHA256 Credential=${server.accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`;
  const signed = { host, "x-amz-content-sha256": digest, "x-amz-date": date, authorization };
  const whole = query === "" ? path : `${path}?${query}`;
  return new Promise((resolve, reject) => {
    const options = { agent, hostname, port, method, path: whole };
    const sent = request(
      { ...options, headers: { ...headers, ...signed, "content-length": body.length } },
      (answer) => {
        let said = "";
        answer.once("error", reject);
        answer.on("data", (chunk: Buffer) => (said += chunk.toString()));
        answer.once("end", () => {
          if ((answer.statusCode ?? 0) < 300) resolve(said);
          else reject(new Error(`${method} ${path}: HTTP status ${answer.statusCode}`));
        });
      },
    );
    const silent = new Error(`${method} ${path}: no answer in ${SILENT_MS / 1000} s`);
    sent.setTimeout(SILENT_MS, () => sent.destroy(silent));
    sent.once("error", reject).end(body);
  });
}
