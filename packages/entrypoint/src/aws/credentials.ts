import { EntrypointError, messageOf } from "../errors.ts";
import { unlessAborted } from "../process/patience.ts";
import { sendRequest } from "./http-request.ts";
import type { AwsCredentials } from "./sign-request.ts";
import { textFields } from "./text-fields.ts";

/** Where an ECS task asks for its role's credentials. */
const ECS_HOST = "http://169.254.170.2";

/** Credentials that end are asked for anew when they have less than this left. */
const RENEW_BEFORE_MS = 300_000;

/** Gives credentials, and newer ones when they are about to end. */
export type CredentialSource = (signal: AbortSignal) => Promise<AwsCredentials>;

/**
 * The credentials of the environment, `AWS_ACCESS_KEY_ID` and its companions, or those of the ECS task (or EKS pod) role.
 * For everything else (a profile, an instance's role, single sign-on) the chain of AWS' own library is loaded.
 * Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
 * @throws from the source: EntrypointError `ENTRYPOINT_AWS_CREDENTIALS` when there are none; another error when the role
 * cannot be asked now
 */
export function credentialsOf(env: Readonly<NodeJS.ProcessEnv>): CredentialSource {
  const { AWS_ACCESS_KEY_ID: accessKeyId = "", AWS_SECRET_ACCESS_KEY: secretAccessKey = "" } = env;
  if (accessKeyId !== "" && secretAccessKey !== "") {
    return () => Promise.resolve({ accessKeyId, secretAccessKey, sessionToken: env["AWS_SESSION_TOKEN"] });
  }
  const address = roleAddress(env);
  return address === undefined ? ownChain() : roleCredentials(address, env);
}

function roleAddress(env: Readonly<NodeJS.ProcessEnv>): string | undefined {
  const { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: path = "", AWS_CONTAINER_CREDENTIALS_FULL_URI: full = "" } = env;
  if (path !== "") return `${ECS_HOST}${path}`;
  return full === "" ? undefined : full;
}

/** The library's chain renews by itself. */
function ownChain(): CredentialSource {
  let chain: (() => Promise<AwsCredentials>) | undefined;
  return async (signal) => {
    const { defaultProvider } = await import("@aws-sdk/credential-provider-node");
    chain ??= defaultProvider();
    try {
      return await unlessAborted(chain(), signal);
    } catch (cause) {
      signal.throwIfAborted();
      throw refused(
        `neither AWS_ACCESS_KEY_ID nor a task role is there, nor anything else: ${messageOf(cause)}`,
        cause,
      );
    }
  };
}

interface Lent {
  readonly credentials: AwsCredentials;
  /** When they end, in milliseconds since the epoch. */
  readonly until: number;
}

function roleCredentials(address: string, env: Readonly<NodeJS.ProcessEnv>): CredentialSource {
  let known: Lent | undefined;
  return async (signal) => {
    if (known !== undefined && known.until - Date.now() > RENEW_BEFORE_MS) return known.credentials;
    try {
      known = await askRole(address, env, signal);
    } catch (error) {
      signal.throwIfAborted();
      // Until they end the old ones are as good.
      if (known === undefined || known.until < Date.now()) throw error;
    }
    return known.credentials;
  };
}

async function askRole(address: string, env: Readonly<NodeJS.ProcessEnv>, signal: AbortSignal): Promise<Lent> {
  const where = `the role's credentials at ${address}`;
  const authorization = await tokenOf(env);
  const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
  const request = { method: "GET", url: new URL(address), headers, body: "" };
  const { status, body } = await sendRequest(request, signal).catch((cause: unknown) => {
    signal.throwIfAborted();
    throw new Error(`${where}: ${messageOf(cause)}`, { cause });
  });
  if (status >= 500 || status === 429) throw new Error(`${where}: answered ${String(status)}`);
  if (status !== 200) throw refused(`${where}: answered ${String(status)}`);
  const lent = readLent(body);
  if (lent === undefined) throw refused(`${where}: there are none in the answer`);
  return lent;
}

function readLent(body: string): Lent | undefined {
  const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, Token, Expiration = "" } = textFields(body);
  if (accessKeyId === undefined || secretAccessKey === undefined) return undefined;
  const until = Date.parse(Expiration);
  const credentials = { accessKeyId, secretAccessKey, sessionToken: Token };
  return { credentials, until: Number.isNaN(until) ? Infinity : until };
}

async function tokenOf(env: Readonly<NodeJS.ProcessEnv>): Promise<string | undefined> {
  const file = env["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] ?? "";
  if (file === "") return env["AWS_CONTAINER_AUTHORIZATION_TOKEN"];
  const { readFile } = await import("node:fs/promises");
  try {
    return (await readFile(file, "utf8")).trim();
  } catch (cause) {
    throw refused(`AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE ${file}: ${messageOf(cause)}`, cause);
  }
}

function refused(message: string, cause?: unknown): EntrypointError {
  return new EntrypointError("ENTRYPOINT_AWS_CREDENTIALS", { message, cause });
}
