import { createHash, createHmac } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";

import { startHttpServer } from "../http-server.ts";

/** What the double holds and how it behaves. */
export interface AwsDoubleOptions {
  readonly parameters?: Readonly<Record<string, { readonly value: string; readonly type?: "String" | "SecureString" }>>;
  readonly secrets?: Readonly<Record<string, string>>;
  /** Called for each request; true: it is throttled. */
  readonly throttle?: (count: number) => boolean;
  /** The code that everything is refused with. */
  readonly refuse?: string;
  /** Milliseconds by which its clock is ahead; a request that is more than five minutes off is refused. */
  readonly aheadMs?: number;
}

/** Credentials it knows. */
export const CREDENTIALS = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" };

/** The two services by AWS' JSON 1.1 protocol, with signatures checked. */
export interface AwsDouble extends AsyncDisposable {
  /** For the environment of a program. */
  readonly env: NodeJS.ProcessEnv;
  /** `operation names…`, in the order in which they were answered. */
  readonly answered: readonly string[];
  readonly requests: () => number;
}

/** Starts a double on a port of its own. */
export async function startAwsDouble(options: AwsDoubleOptions): Promise<AwsDouble> {
  const answered: string[] = [];
  let requests = 0;
  const server = await startHttpServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (text: string) => (body += text));
    request.once("end", () => {
      requests += 1;
      const now = new Date(Date.now() + (options.aheadMs ?? 0));
      response.setHeader("Date", now.toUTCString());
      answer({ request, body, count: requests, now }, response, { options, answered });
    });
  });
  return {
    env: {
      AWS_ENDPOINT_URL: server.origin,
      AWS_REGION: "eu-central-1",
      AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
    },
    answered,
    requests: () => requests,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

interface Asked {
  readonly request: IncomingMessage;
  readonly body: string;
  readonly count: number;
  readonly now: Date;
}

interface State {
  readonly options: AwsDoubleOptions;
  readonly answered: string[];
}

function answer(asked: Asked, response: ServerResponse, { options, answered }: State): void {
  const refuse = (code: string, message: string): void => {
    response.writeHead(400, { "Content-Type": "application/x-amz-json-1.1" });
    response.end(JSON.stringify({ __type: `com.amazonaws#${code}`, message }));
  };
  const [code, why] = refusalOf(asked, options) ?? [];
  if (code !== undefined) return refuse(code, why ?? "");
  const [service, operation = ""] = String(asked.request.headers["x-amz-target"]).split(".");
  const input = JSON.parse(asked.body) as { readonly Names?: readonly string[]; readonly SecretId?: string };
  answered.push(`${String(service)}.${operation} ${String(input.Names?.length ?? input.SecretId)}`);
  if (service === "AmazonSSM") return send(response, getParameters(input.Names ?? [], options));
  const value = options.secrets?.[input.SecretId ?? ""];
  if (value === undefined)
    return refuse("ResourceNotFoundException", "Secrets Manager can't find the specified secret.");
  send(response, { Name: input.SecretId, SecretString: value });
}

function refusalOf(asked: Asked, { throttle, refuse }: AwsDoubleOptions): readonly [string, string] | undefined {
  if (throttle?.(asked.count) === true) return ["ThrottlingException", "Rate exceeded"];
  if (refuse !== undefined) return [refuse, "it is refused"];
  const problem = signatureProblem(asked);
  return problem === undefined ? undefined : ["InvalidSignatureException", problem];
}

function send(response: ServerResponse, body: object): void {
  response.writeHead(200, { "Content-Type": "application/x-amz-json-1.1" }).end(JSON.stringify(body));
}

function getParameters(names: readonly string[], { parameters = {} }: AwsDoubleOptions): object {
  if (names.length > 10) throw new Error("more than ten names at once");
  const found = names.flatMap((name) => {
    const [, path = "", selector = ""] = /^([^:]*)(:.*)?$/.exec(name) ?? [];
    const parameter = parameters[path];
    if (parameter === undefined) return [];
    return [{ Name: path, Selector: selector, Type: parameter.type ?? "SecureString", Value: parameter.value }];
  });
  const known = new Set(found.map(({ Name, Selector }) => `${Name}${Selector}`));
  return { Parameters: found.toReversed(), InvalidParameters: names.filter((name) => !known.has(name)) };
}

function signatureProblem({ request, body, now }: Asked): string | undefined {
  const date = String(request.headers["x-amz-date"]);
  const signed = Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"));
  if (Math.abs(signed - now.getTime()) > 300_000) return "Signature expired";
  return signatureOf(request, body) === /Signature=(\w+)/.exec(String(request.headers.authorization))?.[1]
    ? undefined
    : "The request signature we calculated does not match the signature you provided.";
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html */
function signatureOf({ headers }: IncomingMessage, body: string): string {
  const [, scope = "", signed = ""] =
    /Credential=[^/]+\/([^,]+), SignedHeaders=([^,]+)/.exec(String(headers.authorization)) ?? [];
  const lines = signed.split(";").map((name) => `${name}:${String(headers[name]).trim()}\n`);
  const canonical = ["POST", "/", "", lines.join(""), signed, sha256(body)].join("\n");
  const text = ["AWS4-HMAC-SHA256", String(headers["x-amz-date"]), scope, sha256(canonical)].join("\n");
  const key = scope.split("/").reduce<Buffer | string>(hmac, `AWS4${CREDENTIALS.secretAccessKey}`);
  return hmac(key, text).toString("hex");
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function hmac(key: Buffer | string, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}
