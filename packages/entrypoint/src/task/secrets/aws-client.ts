import { sign } from "aws4";

import type { AwsCredentials } from "./credentials.ts";
import { fetchText } from "./fetch-text.ts";

/** The services and how they are named where they are asked. */
const SERVICES = {
  ssm: { target: "AmazonSSM", endpoint: "AWS_ENDPOINT_URL_SSM" },
  secretsmanager: { target: "secretsmanager", endpoint: "AWS_ENDPOINT_URL_SECRETS_MANAGER" },
} as const;

/** A call of an operation. */
export interface AwsCall {
  readonly service: keyof typeof SERVICES;
  readonly operation: string;
  readonly body: object;
}

/** A service's answer that it will not, or not now. */
export class AwsRefusal extends Error {
  readonly code: string;
  /** The same call may be answered a moment later. */
  readonly passing: boolean;

  constructor(code: string, message: string, passing: boolean) {
    super(message === "" ? code : `${code}: ${message}`);
    this.name = "AwsRefusal";
    this.code = code;
    this.passing = passing;
  }
}

/** https://docs.aws.amazon.com/general/latest/gr/api-retries.html and what the SDKs retry */
const PASSING =
  /Throttl|TooManyRequests|RequestLimitExceeded|SlowDown|ServiceUnavailable|InternalS|InternalFailure|RequestTimeout|PriorRequestNotComplete/;

/** The request was signed by a clock that is wrong. */
const CLOCK = /InvalidSignature|SignatureDoesNotMatch|RequestExpired|RequestTimeTooSkewed/;

/** A clock that differs less than this is no reason for a refusal. */
const SKEW_MS = 60_000;

/** What calls of one start have in common. */
export interface AwsSession {
  readonly env: Readonly<NodeJS.ProcessEnv>;
  readonly region: string;
  readonly credentials: AwsCredentials;
  /** By how much AWS' clock is ahead of this machine's, in milliseconds; found out from a refusal. */
  skewMs: number;
}

/**
 * Calls an operation by the JSON 1.1 protocol.
 * @throws AwsRefusal, or the error of a connection
 */
export async function callAws(call: AwsCall, session: AwsSession, signal: AbortSignal): Promise<unknown> {
  const { target } = SERVICES[call.service];
  const url = new URL(endpointOf(call.service, session));
  const body = JSON.stringify(call.body);
  const sent = sign(
    {
      service: call.service,
      region: session.region,
      method: "POST",
      host: url.host,
      path: "/",
      headers: {
        "Content-Type": "application/x-amz-json-1.1",
        "X-Amz-Target": `${target}.${call.operation}`,
        Date: new Date(Date.now() + session.skewMs).toUTCString(),
      },
      body,
    },
    { ...session.credentials, sessionToken: session.credentials.sessionToken ?? "" },
  );
  const headers = Object.fromEntries(Object.entries(sent.headers ?? {}).map(([name, value]) => [name, String(value)]));
  const { status, date, text } = await fetchText(url.href, { method: "POST", headers, body }, signal);
  if (status === 200) return JSON.parse(text) as unknown;
  const refusal = refusalOf(status, text);
  if (!CLOCK.test(refusal.code) || !correctClock(session, date)) throw refusal;
  return callAws(call, session, signal);
}

/** @returns false when the clock was not the reason */
function correctClock(session: AwsSession, date: string | undefined): boolean {
  const skewMs = Date.parse(date ?? "") - Date.now();
  if (!(Math.abs(skewMs - session.skewMs) > SKEW_MS)) return false;
  session.skewMs = skewMs;
  return true;
}

function endpointOf(service: AwsCall["service"], { env, region }: AwsSession): string {
  const given = env[SERVICES[service].endpoint] ?? env["AWS_ENDPOINT_URL"] ?? "";
  if (given !== "") return given;
  return `https://${service}.${region}.amazonaws.com${region.startsWith("cn-") ? ".cn" : ""}`;
}

function refusalOf(status: number, text: string): AwsRefusal {
  const { __type, message, Message } = parse(text);
  const code = (__type ?? `HTTP ${String(status)}`).replace(/^.*#/, "");
  return new AwsRefusal(code, message ?? Message ?? "", status >= 500 || status === 429 || PASSING.test(code));
}

/** The fields of an answer that are texts; none when it is no JSON. */
function parse(text: string): Readonly<Record<string, string | undefined>> {
  try {
    const fields = Object.entries(Object(JSON.parse(text)) as object);
    return Object.fromEntries(fields.filter((field): field is [string, string] => typeof field[1] === "string"));
  } catch {
    return {};
  }
}
