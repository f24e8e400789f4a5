import { EntrypointError, messageOf } from "../errors.ts";
import { sendRequest } from "./http-request.ts";
import type { AwsCredentials } from "./sign-request.ts";

/** Where an ECS task asks for its role's credentials. */
const ECS_HOST = "http://169.254.170.2";

/** Credentials that end are asked for anew when they have less than this left. */
const RENEW_BEFORE_MS = 300_000;

/** Gives credentials, and newer ones when they are about to end. */
export type CredentialSource = (signal: AbortSignal) => Promise<AwsCredentials>;

/**
 * The credentials of the environment: `AWS_ACCESS_KEY_ID` and its companions, or those of the ECS task (or EKS pod) role.
 * Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
 * @throws EntrypointError `ENTRYPOINT_AWS_CREDENTIALS` when there are none
 */
export function credentialsOf(env: Readonly<NodeJS.ProcessEnv>): CredentialSource {
  const { AWS_ACCESS_KEY_ID: accessKeyId = "", AWS_SECRET_ACCESS_KEY: secretAccessKey = "" } = env;
  if (accessKeyId !== "" && secretAccessKey !== "") {
    const sessionToken = env["AWS_SESSION_TOKEN"] === "" ? undefined : env["AWS_SESSION_TOKEN"];
    return () => Promise.resolve({ accessKeyId, secretAccessKey, sessionToken });
  }
  let known: { readonly credentials: AwsCredentials; readonly until: number } | undefined;
  return async (signal) => {
    if (known === undefined || known.until - Date.now() < RENEW_BEFORE_MS) known = await askRole(env, signal);
    return known.credentials;
  };
}

interface RoleAnswer {
  readonly AccessKeyId?: string;
  readonly SecretAccessKey?: string;
  readonly Token?: string;
  readonly Expiration?: string;
}

async function askRole(env: Readonly<NodeJS.ProcessEnv>, signal: AbortSignal) {
  const { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: path, AWS_CONTAINER_CREDENTIALS_FULL_URI: full } = env;
  const address = path === undefined ? full : `${ECS_HOST}${path}`;
  if (address === undefined) throw refused("neither AWS_ACCESS_KEY_ID nor a task role is there");
  try {
    const authorization = await tokenOf(env);
    const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
    const { status, body } = await sendRequest({ method: "GET", url: new URL(address), headers, body: "" }, signal);
    if (status !== 200) throw refused(`the role's credentials at ${address}: answered ${String(status)}`);
    const answer = JSON.parse(body) as RoleAnswer;
    const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, Token: sessionToken } = answer;
    if (accessKeyId === undefined || secretAccessKey === undefined) throw refused(`${address} gave no credentials`);
    const until = Date.parse(answer.Expiration ?? "");
    return {
      credentials: { accessKeyId, secretAccessKey, sessionToken },
      until: Number.isNaN(until) ? Infinity : until,
    };
  } catch (cause) {
    signal.throwIfAborted();
    throw cause instanceof EntrypointError
      ? cause
      : refused(`the role's credentials at ${address}: ${messageOf(cause)}`, cause);
  }
}

async function tokenOf(env: Readonly<NodeJS.ProcessEnv>): Promise<string | undefined> {
  const file = env["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"];
  if (file === undefined) return env["AWS_CONTAINER_AUTHORIZATION_TOKEN"];
  const { readFile } = await import("node:fs/promises");
  return (await readFile(file, "utf8")).trim();
}

function refused(message: string, cause?: unknown): EntrypointError {
  return new EntrypointError("ENTRYPOINT_AWS_CREDENTIALS", { message, cause });
}
