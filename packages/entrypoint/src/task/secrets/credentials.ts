import { readFileSync } from "node:fs";

import { fetchText } from "./fetch-text.ts";

/** What signs a request. */
export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

/** Where ECS answers for credentials: https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html */
const CONTAINER_HOST = "http://169.254.170.2";

/**
 * The credentials of this container: those in the environment, or the task role's. For everything else (a profile, an
 * instance's role, single sign-on) the chain of AWS' own library is loaded.
 */
export async function findCredentials(env: Readonly<NodeJS.ProcessEnv>, signal: AbortSignal): Promise<AwsCredentials> {
  const { AWS_ACCESS_KEY_ID: id = "", AWS_SECRET_ACCESS_KEY: key = "", AWS_SESSION_TOKEN: token } = env;
  if (id !== "" && key !== "") return { accessKeyId: id, secretAccessKey: key, sessionToken: token };
  const container = containerAddress(env);
  if (container !== undefined) return askContainer(container, env, signal);
  const { defaultProvider } = await import("@aws-sdk/credential-provider-node");
  return defaultProvider()();
}

function containerAddress(env: Readonly<NodeJS.ProcessEnv>): string | undefined {
  const { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: relative = "", AWS_CONTAINER_CREDENTIALS_FULL_URI: full = "" } = env;
  if (relative !== "") return `${CONTAINER_HOST}${relative}`;
  return full === "" ? undefined : full;
}

async function askContainer(
  url: string,
  env: Readonly<NodeJS.ProcessEnv>,
  signal: AbortSignal,
): Promise<AwsCredentials> {
  const file = env["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] ?? "";
  const token = file === "" ? env["AWS_CONTAINER_AUTHORIZATION_TOKEN"] : readFileSync(file, "utf8").trim();
  const headers: Record<string, string> = token === undefined ? {} : { Authorization: token };
  const { status, text } = await fetchText(url, { method: "GET", headers }, signal);
  if (status !== 200) throw new Error(`the credentials of the task role: ${url} answered ${String(status)}`);
  const { AccessKeyId, SecretAccessKey, Token } = JSON.parse(text) as Readonly<Record<string, string | undefined>>;
  if (AccessKeyId === undefined || SecretAccessKey === undefined) {
    throw new Error(`the credentials of the task role: ${url} answered without them`);
  }
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: Token };
}
