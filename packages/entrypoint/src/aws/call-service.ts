import { EntrypointError } from "../errors.ts";
import type { CredentialSource } from "./credentials.ts";
import { sendRequest } from "./http-request.ts";
import { refuseEndpoint } from "./refuse-endpoint.ts";
import type { SigningClock } from "./signing-clock.ts";
import { signRequest } from "./sign-request.ts";
import { textFields } from "./text-fields.ts";

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

/** What calls of one start have in common. */
export interface AwsSession {
  readonly env: Readonly<NodeJS.ProcessEnv>;
  readonly region: string;
  readonly credentials: CredentialSource;
  readonly clock: SigningClock;
}

/**
 * Calls an operation by the JSON 1.1 protocol.
 * @throws AwsRefusal, the error of a connection, or that of the credentials; EntrypointError `ENTRYPOINT_SECRET_UNAVAILABLE` for an
 * endpoint of one's own that is no address
 */
export async function callAws(call: AwsCall, session: AwsSession, signal: AbortSignal): Promise<unknown> {
  const { service, operation } = call;
  const { region, clock } = session;
  const headers = {
    "content-type": "application/x-amz-json-1.1",
    "x-amz-target": `${SERVICES[service].target}.${operation}`,
  };
  const url = new URL(endpointOf(service, session));
  const request = { method: "POST", url, headers, body: JSON.stringify(call.body) };
  const scope = { service, region, now: clock.now() };
  const answer = await sendRequest(signRequest(request, await session.credentials(signal), scope), signal);
  if (answer.status === 200) return JSON.parse(answer.body) as unknown;
  const refusal = refusalOf(answer.status, answer.body);
  if (!clock.correct(refusal.code, answer.headers["date"])) throw refusal;
  return callAws(call, session, signal);
}

function endpointOf(service: AwsCall["service"], { env, region }: AwsSession): string {
  const variables = [SERVICES[service].endpoint, "AWS_ENDPOINT_URL"];
  const variable = variables.find((name) => (env[name] ?? "") !== "") ?? "";
  const given = env[variable];
  if (given === undefined) return `https://${service}.${region}.amazonaws.com${region.startsWith("cn-") ? ".cn" : ""}`;
  const problem = refuseEndpoint(given);
  if (problem === undefined) return given;
  const hint = "Write http://HOST:PORT or https://HOST; without the variable AWS is asked.";
  throw new EntrypointError("ENTRYPOINT_SECRET_UNAVAILABLE", { message: `secrets: ${variable} ${problem}`, hint });
}

function refusalOf(status: number, text: string): AwsRefusal {
  const { __type, message, Message } = textFields(text);
  const code = (__type ?? `HTTP ${String(status)}`).replace(/^.*#/, "");
  return new AwsRefusal(code, message ?? Message ?? "", status >= 500 || status === 429 || PASSING.test(code));
}
