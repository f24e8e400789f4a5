import { AssetSyncError } from "../errors.ts";
import { showable } from "./showable.ts";

/**
 * Reads the URL under which browsers get a target's keys.
 *
 * @throws AssetSyncError ASSET_SYNC_OPTION_INVALID
 */
export function parseVia(text: string): URL {
  const url = webUrl("--via", text);
  if (url.search === "" && url.hash === "") return url;
  throw invalid("--via", text, "a URL without query and fragment");
}

/**
 * Reads the origin of a page: scheme, host and port.
 *
 * @throws AssetSyncError ASSET_SYNC_OPTION_INVALID
 */
export function parseOrigin(text: string): string {
  const { origin, pathname, search, hash } = webUrl("--origin", text);
  if (pathname === "/" && search === "" && hash === "") return origin;
  throw invalid("--origin", text, "scheme, host and port only, for example https://www.shop.example");
}

function webUrl(flag: string, text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !["http:", "https:"].includes(url.protocol)) {
    throw invalid(flag, text, "a URL that begins with https:// or http://");
  }
  if (url.username === "" && url.password === "") return url;
  throw new AssetSyncError("ASSET_SYNC_OPTION_INVALID", `${flag} holds a user or a password: expected a URL without.`);
}

function invalid(flag: string, text: string, expected: string): AssetSyncError {
  return new AssetSyncError("ASSET_SYNC_OPTION_INVALID", `${flag} ${showable(text)}: expected ${expected}.`);
}
