import { profileNames, readAwsFiles, type AwsFiles } from "../config/aws-files.ts";
import { type Environment, variable } from "../config/environment.ts";
import { checkKeyCharacters, type KeyNames, type KeyParts } from "../config/key-characters.ts";
import { keyVariables } from "../config/key-pair.ts";
import { hasOtherSource } from "../config/shared-credentials.ts";
import { nearestSpelling } from "../config/spelling.ts";
import { AssetSyncError } from "../errors.ts";
import type { SigningKeys } from "./s3-signature.ts";

/** Where credentials come from. */
export interface CredentialSource {
  /** Those that hold now. */
  current(): Promise<SigningKeys>;
  /** Asks anew, and says whether that brought other ones. */
  renew(): Promise<boolean>;
}

/**
 * Credentials as the AWS tools look for them. A key pair in the variables or in the used profile is taken as it stands;
 * for all else (roles, single sign-on, web identity, containers, machines) the SDK's chain is loaded and asked.
 */
export function credentialSource(environment: Environment, region: string): CredentialSource {
  let plain = plainCredentials(environment, readAwsFiles(environment));
  let chain: Promise<Chain> | undefined;
  const ask = async (forceRefresh: boolean): Promise<SigningKeys> => {
    chain ??= loadChain(region);
    return (await chain)({ forceRefresh }).catch((error: unknown) => {
      throw unknownProfile(environment, error) ?? error;
    });
  };
  let checked: SigningKeys | undefined;
  const current = async (): Promise<SigningKeys> => {
    const keys = plain ?? (await ask(false));
    // Once, as each request asks.
    if (keys !== checked) checkKeyCharacters(keys, CHAIN_NAMES);
    checked = keys;
    return keys;
  };
  return {
    current,
    renew: async () => {
      const before = await current();
      plain = plainCredentials(environment, readAwsFiles(environment));
      const after = plain ?? (await ask(true));
      return before.accessKeyId !== after.accessKeyId || before.sessionToken !== after.sessionToken;
    },
  };
}

/** Variables are looked at before; what is wrong here is in a file, or an answer to the chain. */
const CHAIN_NAMES: KeyNames = {
  accessKeyId: "The access key that the AWS credential chain found",
  secretAccessKey: "The secret that the AWS credential chain found",
  sessionToken: "The session token that the AWS credential chain found",
};

/** The key pair that is written down, if the chain would take it first: variables unless a profile is named, then the profile. Pure. */
export function plainCredentials(environment: Environment, files: AwsFiles): SigningKeys | undefined {
  if (variable(environment, "AWS_PROFILE") === undefined) {
    const pair = keyPair(keyVariables(environment));
    if (pair !== undefined) return pair;
  }
  const { credentials, config } = files;
  if (hasOtherSource(credentials) || hasOtherSource(config)) return undefined;
  const said = (name: string): string | undefined => credentials.get(name) || config.get(name);
  return keyPair({
    accessKeyId: said("aws_access_key_id"),
    secretAccessKey: said("aws_secret_access_key"),
    sessionToken: said("aws_session_token"),
  });
}

function keyPair({ accessKeyId, secretAccessKey, sessionToken }: KeyParts): SigningKeys | undefined {
  if (!accessKeyId || !secretAccessKey) return undefined;
  return { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) };
}

/** The chain says that it found nothing, where it is a name that leads nowhere; undefined when it is not. */
function unknownProfile(environment: Environment, cause: unknown): AssetSyncError | undefined {
  const profile = variable(environment, "AWS_PROFILE");
  const known = profileNames(environment);
  if (profile === undefined || known.includes(profile)) return undefined;
  const near = nearestSpelling(profile, known);
  const all = known.length === 0 ? "They have none, or are not there." : `They have ${known.join(", ")}.`;
  const files = "Correct or unset AWS_PROFILE, or name the files with AWS_SHARED_CREDENTIALS_FILE and AWS_CONFIG_FILE.";
  return new AssetSyncError(
    "ASSET_SYNC_CREDENTIALS_MISSING",
    `AWS_PROFILE is ${JSON.stringify(profile)}, and the shared AWS files have no such profile.`,
    { hint: `${near === undefined ? all : `Did you mean ${near}?`} ${files}`, cause },
  );
}

/**
 * An access key to be shown. What may be the secret, where the two were taken for each other, is shown by its end only, as
 * AWS' own command line does.
 */
export function accessKeyWords(id: string): string {
  return maybeSecret(id) ? `an access key that ends in ${id.slice(-4)}` : `access key ${id}`;
}

/**
 * Whether an access key is none that AWS gives out, and long enough for a secret, which has at least eight characters where
 * people choose it (MinIO): https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
 */
export function maybeSecret(id: string): boolean {
  return id.length >= 8 && !/^A[KS]IA[A-Z0-9]+$/.test(id);
}

type Chain = (options: { readonly forceRefresh: boolean }) => Promise<SigningKeys>;

/** A third of a megabyte, which most runs do without. */
async function loadChain(region: string): Promise<Chain> {
  const { defaultProvider } = await import("@aws-sdk/credential-provider-node");
  return defaultProvider({ clientConfig: { region } });
}
