import { variable, type Environment } from "../config/environment.ts";
import { AssetSyncError } from "../errors.ts";
import type { S3Patience } from "../store/attempts.ts";
import { awsService, type AwsServicePlace } from "../store/aws-service.ts";
import { element, readFailure, S3AnswerError } from "../store/failed-request.ts";
import type { RequestCounter } from "../store/request-counter.ts";
import { withMends } from "../store/s3-mend.ts";
import type { Invalidation } from "./invalidation.ts";

/** How the request is made, counted and stopped. */
export interface InvalidationControl {
  readonly counter: RequestCounter;
  readonly patience: S3Patience;
  readonly signal: AbortSignal | undefined;
}

/** https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateInvalidation.html */
const VERSION = "2020-05-31";

/** What helps, by the code of CloudFront's answer. */
const HINTS: Readonly<Record<string, string>> = {
  NoSuchDistribution: "There is no such distribution in the account of these credentials: check --cloudfront.",
  AccessDenied:
    "Allow this role cloudfront:CreateInvalidation: `asset-sync preflight --policy build` prints the policy with it.",
  TooManyInvalidationsInProgress: "The distribution still works on others: wait some minutes.",
  InvalidClientTokenId: "CloudFront does not know these credentials: it needs those of AWS, whatever holds the assets.",
};
const AGAIN = "Running the same command again sends the plain files once more and repeats the invalidation.";

/**
 * Has a distribution forget paths, and does not wait until it has. Returns the invalidation's id.
 *
 * @throws AssetSyncError ASSET_SYNC_INVALIDATION_FAILED
 */
export async function createInvalidation(
  invalidation: Invalidation,
  { counter, patience, signal }: InvalidationControl,
  environment: Environment = process.env,
): Promise<string> {
  const service = awsService({ ...placeOf(environment), limit: patience.silence }, environment);
  const request = {
    path: `/${VERSION}/distribution/${invalidation.distribution}/invalidation`,
    headers: { "content-type": "application/xml" },
    body: batch(invalidation),
  };
  const ask = async (): Promise<string> => {
    counter.add("invalidate");
    const { status, headers, body } = await service.post(request, signal);
    if (status >= 300) throw new S3AnswerError(status, headers, body);
    return element(body, "Id") ?? "";
  };
  try {
    return await withMends(service, ask, { patience, signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw failed(invalidation, error);
  }
}

/** The service has one address: https://docs.aws.amazon.com/general/latest/gr/cf_region.html */
function placeOf(environment: Environment): Omit<AwsServicePlace, "limit"> {
  const isChina = variable(environment, "AWS_REGION", "AWS_DEFAULT_REGION")?.startsWith("cn-") === true;
  const region = isChina ? "cn-northwest-1" : "us-east-1";
  const usual = isChina ? `https://cloudfront.${region}.amazonaws.com.cn` : "https://cloudfront.amazonaws.com";
  return { service: "cloudfront", region, endpoint: variable(environment, "AWS_ENDPOINT_URL_CLOUDFRONT") ?? usual };
}

function batch({ paths, reference }: Invalidation): string {
  const items = paths.map((path) => `<Path>${path.replaceAll("&", "&amp;")}</Path>`).join("");
  const list = `<Paths><Quantity>${paths.length}</Quantity><Items>${items}</Items></Paths>`;
  const content = `${list}<CallerReference>${reference}</CallerReference>`;
  return `<InvalidationBatch xmlns="http://cloudfront.amazonaws.com/doc/${VERSION}/">${content}</InvalidationBatch>`;
}

function failed({ distribution, paths }: Invalidation, error: unknown): AssetSyncError {
  const { name, message } = readFailure(error);
  const what = `The assets are there, but CloudFront distribution ${distribution} was not told to forget ${paths.length} path(s)`;
  const answer = name === "Error" ? message : `${name}: ${message}`;
  const hint = Object.hasOwn(HINTS, name) ? `${HINTS[name]} ${AGAIN}` : AGAIN;
  return new AssetSyncError("ASSET_SYNC_INVALIDATION_FAILED", `${what}: ${answer}`, { hint, cause: error });
}
