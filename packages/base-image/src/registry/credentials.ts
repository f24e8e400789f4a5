import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";

import { execa } from "execa";

import { BaseImageError, reasonOf } from "../errors.ts";

/** Who somebody is to a registry. A `token` stands for a user who signed in elsewhere. */
export type Credentials =
  | { readonly kind: "password"; readonly username: string; readonly password: string }
  | { readonly kind: "token"; readonly token: string };

/** Docker's own file of what it knows about registries. */
interface DockerConfig {
  readonly auths?: Readonly<Record<string, { readonly auth?: string; readonly identitytoken?: string }>>;
  readonly credsStore?: string;
  readonly credHelpers?: Readonly<Record<string, string>>;
}

/** What a credential helper answers to `get`. */
interface HelperAnswer {
  readonly Username?: string;
  readonly Secret?: string;
}

const DOCKER_HUB = "https://index.docker.io/v1/";

/** What a helper says in place of a name when its secret is a token. */
const TOKEN_USER = "<token>";

/**
 * What Docker would sign in to a registry with: the helper for this registry, else the common store, else the file
 * itself; undefined when none of them knows it. The file is `config.json` in DOCKER_CONFIG or ~/.docker.
 * @throws BaseImageError BASE_IMAGE_CREDENTIALS when the file or a helper cannot be used; it never quotes a secret.
 * @see https://docs.docker.com/reference/cli/docker/login/#credential-stores
 */
export async function credentialsFor(
  registry: string,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<Credentials | undefined> {
  const folder = environment["DOCKER_CONFIG"] ?? join(environment["HOME"] ?? homedir(), ".docker");
  const config = await readConfig(join(folder, "config.json"));
  const server = registry === "docker.io" ? DOCKER_HUB : registry;
  const helper = helperFor(config, [server, registry]);
  return helper === undefined ? storedIn(config, server) : askHelper(helper, server, environment);
}

function helperFor({ credHelpers = {}, credsStore = "" }: DockerConfig, names: readonly string[]): string | undefined {
  const own = names.map((name) => credHelpers[name]).find((helper) => helper !== undefined);
  return own ?? (credsStore === "" ? undefined : credsStore);
}

function storedIn({ auths = {} }: DockerConfig, server: string): Credentials | undefined {
  const entry = [server, `https://${server}`, `http://${server}`].map((key) => auths[key]).find(Boolean);
  if (entry?.identitytoken !== undefined) return { kind: "token", token: entry.identitytoken };
  return entry?.auth === undefined ? undefined : decodeAuth(entry.auth, server);
}

async function readConfig(file: string): Promise<DockerConfig> {
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return "{}";
    throw refused(`${file} cannot be read: ${reasonOf(error)}`, error);
  });
  try {
    const config: unknown = JSON.parse(text);
    if (typeof config === "object" && config !== null) return config;
  } catch {
    // What is wrong with it may stand beside a secret: it is not quoted.
  }
  throw refused(`${file} is not the JSON that docker login writes`);
}

function decodeAuth(auth: string, server: string): Credentials {
  const text = Buffer.from(auth, "base64").toString("utf8");
  const colon = text.indexOf(":");
  if (colon < 1) throw refused(`what Docker's config.json has for ${server} is not a name and a password`);
  return { kind: "password", username: text.slice(0, colon), password: text.slice(colon + 1).replace(/\0+$/, "") };
}

async function askHelper(
  name: string,
  server: string,
  environment: NodeJS.ProcessEnv,
): Promise<Credentials | undefined> {
  const program = `docker-credential-${name}`;
  const result = await execa(program, ["get"], { input: server, env: environment, reject: false, timeout: 30_000 });
  if (result.failed) {
    // This sentence is the helpers' protocol for "not signed in"; it comes on the standard output.
    if (/credentials not found in native keychain/.test(result.stdout)) return undefined;
    const reason =
      result.exitCode === undefined
        ? (result.originalMessage ?? "it did not run")
        : `exit ${result.exitCode}: ${result.stderr}`;
    throw refused(`${program} gives no credentials for ${server}: ${reason.trim()}`);
  }
  const { Username: username, Secret: secret } = parseAnswer(result.stdout, program);
  if (username === undefined || secret === undefined) throw refused(`${program} answered without a name or a secret`);
  return username === TOKEN_USER ? { kind: "token", token: secret } : { kind: "password", username, password: secret };
}

function parseAnswer(text: string, program: string): HelperAnswer {
  try {
    const answer: unknown = JSON.parse(text);
    if (typeof answer === "object" && answer !== null) return answer;
  } catch {
    // The answer holds the secret: it is not quoted.
  }
  throw refused(`${program} answered with something other than JSON`);
}

function refused(message: string, cause?: unknown): BaseImageError {
  return new BaseImageError("BASE_IMAGE_CREDENTIALS", message, { cause });
}
