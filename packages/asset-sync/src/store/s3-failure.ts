import { showable } from "../config/showable.ts";
import type { S3Target } from "../config/target.ts";
import { AssetSyncError, type ErrorCode } from "../errors.ts";
import { answerHint } from "./answer-hint.ts";
import { connectionHint } from "./connection-hint.ts";
import { accessKeyWords, maybeSecret } from "./s3-credentials.ts";
import { readFailure, type FailedRequest } from "./failed-request.ts";

interface FailureRow {
  readonly names: readonly string[];
  readonly code: ErrorCode;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html and the names the SDK gives its own failures. */
const ROWS: readonly FailureRow[] = [
  { names: ["NoSuchBucket"], code: "ASSET_SYNC_BUCKET_MISSING" },
  { names: ["CredentialsProviderError", "TokenProviderError"], code: "ASSET_SYNC_CREDENTIALS_MISSING" },
  {
    names: [
      "InvalidAccessKeyId",
      "SignatureDoesNotMatch",
      "ExpiredToken",
      "ExpiredTokenException",
      "InvalidToken",
      "TokenRefreshRequired",
      "RequestTimeTooSkewed",
    ],
    code: "ASSET_SYNC_CREDENTIALS_REFUSED",
  },
  {
    names: ["PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException"],
    code: "ASSET_SYNC_REGION_WRONG",
  },
  // S3 says a code of its own with each failure, and knows no 401.
  { names: ["NotS3Error", "Status401", "Status404", "Status405"], code: "ASSET_SYNC_ENDPOINT_WRONG" },
  { names: ["AccessDenied", "AllAccessDisabled", "Forbidden"], code: "ASSET_SYNC_ACCESS_DENIED" },
  { names: ["XAmzContentSHA256Mismatch", "BadDigest"], code: "ASSET_SYNC_FILE_CHANGED" },
];

/** Whether S3 said that there is no such object. */
export function isAbsent(error: unknown): boolean {
  return ["NoSuchKey", "NotFound"].includes(readFailure(error).name);
}

/** Whether a condition did not hold, or another writer of the same key was faster. */
export function isRefusedCondition(error: unknown): boolean {
  const { name, status } = readFailure(error);
  return status === 412 || ["PreconditionFailed", "ConditionalRequestConflict", "NoSuchKey"].includes(name);
}

/** Whether the endpoint does not take the condition of a write: https://datatracker.ietf.org/doc/html/rfc9110#section-15.6.2 */
export function isUnsupportedCondition(error: unknown): boolean {
  const { name, status } = readFailure(error);
  return status === 501 || name === "NotImplemented";
}

/** Where a request went, and what it was signed with. */
export interface RequestParties {
  readonly target: S3Target;
  /** Undefined where nothing has been signed. */
  readonly accessKeyId: string | undefined;
}

/** The error to throw for a failed request on `place`; interruptions and bugs pass unchanged. */
export function s3Failure(
  error: unknown,
  doing: string,
  place: string,
  { target, accessKeyId }: RequestParties,
): unknown {
  const failure = withoutSecret(readFailure(error), accessKeyId);
  if (failure.name === "AbortError" || error instanceof AssetSyncError || error instanceof TypeError) return error;
  const where = `${place} at ${target.endpoint ?? `AWS (${target.region ?? "region of the AWS configuration"})`}`;
  const code = codeOf(failure, accessKeyId);
  if (code === "ASSET_SYNC_BUCKET_MISSING") {
    return new AssetSyncError(code, `Bucket ${target.bucket} does not exist: ${where}.`, { cause: error });
  }
  const refused = code === "ASSET_SYNC_CREDENTIALS_REFUSED";
  const hint = refused ? undefined : (answerHint(failure.name) ?? connectionHint(failure.code));
  const signer = refused ? signerText(accessKeyId) : "";
  const failed = `${doing} ${where}${signer} failed${attemptsText(failure)}`;
  return new AssetSyncError(code, `${failed}: ${answerText(failure)}`, {
    ...(hint === undefined ? {} : { hint }),
    cause: error,
  });
}

/** Servers may repeat the access key that they do not know. */
function withoutSecret(failure: FailedRequest, accessKeyId: string | undefined): FailedRequest {
  if (accessKeyId === undefined || !maybeSecret(accessKeyId)) return failure;
  return { ...failure, message: failure.message.replaceAll(accessKeyId, accessKeyWords(accessKeyId)) };
}

function signerText(accessKeyId: string | undefined): string {
  return accessKeyId === undefined ? "" : ` with ${accessKeyWords(accessKeyId)}`;
}

function attemptsText({ attempts = 1 }: FailedRequest): string {
  return attempts > 1 ? ` (${attempts} attempts)` : "";
}

function answerText(failure: FailedRequest): string {
  const { name, message, location = "" } = failure;
  if (isRedirect(failure)) return `the endpoint redirects to ${showable(location)} (${message})`;
  return ["Error", "NotS3Error"].includes(name) ? message : `${name}: ${message}`;
}

/** A redirect that is not S3's own, which says by a code what is wrong. */
function isRedirect({ name, location }: FailedRequest): boolean {
  return /^Status3\d\d$/.test(name) && location !== undefined;
}

/**
 * What says of an access key that it cannot be one, as of a secret in its place: Cloudflare R2 of one that has another
 * length, AWS and Ceph of one with a slash; the same names stand for other faults too.
 */
function isMisfitKey({ name, message }: FailedRequest, accessKeyId = ""): boolean {
  if (name === "InvalidArgument") return /^Credential access key\b/.test(message) || accessKeyId.includes("/");
  return name === "AuthorizationHeaderMalformed" && /\bCredential is mal-?formed\b/.test(message);
}

function codeOf(failure: FailedRequest, accessKeyId: string | undefined): ErrorCode {
  if (isRedirect(failure)) return "ASSET_SYNC_ENDPOINT_WRONG";
  if (isMisfitKey(failure, accessKeyId)) return "ASSET_SYNC_CREDENTIALS_REFUSED";
  const row = ROWS.find(({ names }) => names.includes(failure.name));
  if (row !== undefined) return row.code;
  if (failure.status === 301) return "ASSET_SYNC_REGION_WRONG";
  return failure.status === 403 ? "ASSET_SYNC_ACCESS_DENIED" : "ASSET_SYNC_STORE_FAILED";
}
