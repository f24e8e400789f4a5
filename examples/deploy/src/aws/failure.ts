import { DeployError } from "../errors.ts";

const CREDENTIALS =
  /^(ExpiredToken|ExpiredTokenException|UnrecognizedClientException|InvalidSignatureException|InvalidClientTokenId|CredentialsProviderError|InvalidIdentityToken)$/;

/** Runs a request to AWS; its failure becomes one that names the request and what AWS said. */
export async function request<Answer>(what: string, send: () => Promise<Answer>): Promise<Answer> {
  try {
    return await send();
  } catch (cause) {
    const { name = "Error", message = String(cause) } = cause as Partial<Error>;
    if (CREDENTIALS.test(name)) throw new DeployError("DEPLOY_CREDENTIALS", `${what}: ${message} (${name}).`, cause);
    throw new DeployError("DEPLOY_AWS_FAILED", `${what}: ${message} (${name}).`, cause);
  }
}
