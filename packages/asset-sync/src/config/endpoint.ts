import { AssetSyncError } from "../errors.ts";
import { showable } from "./showable.ts";

/**
 * Refuses what is no address of a server, and what could carry a credential: the endpoint is written to the receipt.
 *
 * @throws AssetSyncError ASSET_SYNC_OPTION_INVALID
 */
export function checkEndpoint(endpoint: string): void {
  if (/[@?#]/.test(endpoint)) {
    throw new AssetSyncError(
      "ASSET_SYNC_OPTION_INVALID",
      "The endpoint holds a user, a query or a fragment; it is written to the receipt, so it may hold none of them. Expected http://HOST[:PORT] or https://HOST[:PORT].",
      { hint: "Give credentials through the AWS variables or a shared credentials file." },
    );
  }
  if (URL.canParse(endpoint) && ["http:", "https:"].includes(new URL(endpoint).protocol)) return;
  throw new AssetSyncError(
    "ASSET_SYNC_OPTION_INVALID",
    `Endpoint ${showable(endpoint)}: expected http://HOST[:PORT] or https://HOST[:PORT].`,
  );
}
