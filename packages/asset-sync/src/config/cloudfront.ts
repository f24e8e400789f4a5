import { AssetSyncError } from "../errors.ts";
import type { Target } from "./target.ts";

/** A distribution that serves the target. */
export interface CloudFront {
  readonly distribution: string;
  /** The path of its URLs that stands for the root of the keys; begins and ends in a slash. */
  readonly root: string;
}

/** Ids begin with an E: https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_DistributionSummary.html */
const WORDS = /^(E[A-Z0-9]{6,31})(\/[^\s?#*]*)?$/;

/** What is wrong with the text of a `--cloudfront`; undefined for a good one. */
export function cloudFrontFault(value: unknown): string | undefined {
  if (typeof value === "string" && WORDS.test(value)) return undefined;
  return "expected the id of a distribution, as E2EXAMPLE, or E2EXAMPLE/PATH/ where its URLs do not have the target's prefix";
}

/**
 * The distribution that `text` names. URLs are taken to have the target's prefix unless a path follows the id: `ID/` where
 * the prefix is the distribution's origin path.
 *
 * @throws AssetSyncError ASSET_SYNC_OPTION_INVALID
 */
export function cloudFront(text: string, target: Target): CloudFront {
  const fault = cloudFrontFault(text);
  if (fault !== undefined) throw invalid(`--cloudfront ${JSON.stringify(text.slice(0, 80))}: ${fault}.`);
  if (target.kind === "folder") throw invalid("--cloudfront is given, but the target is a folder.");
  const [, distribution = "", path = `/${target.prefix}`] = WORDS.exec(text) ?? [];
  return { distribution, root: path.endsWith("/") ? path : `${path}/` };
}

function invalid(message: string): AssetSyncError {
  return new AssetSyncError("ASSET_SYNC_OPTION_INVALID", message);
}
