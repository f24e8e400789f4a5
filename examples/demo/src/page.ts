import { say } from "./screen.ts";

/** One asset as the page's reader gets it. */
export interface AssetAnswer {
  readonly asset: string;
  readonly status: number;
  readonly type: string;
  readonly cacheControl: string;
  /** The encoding the asset came in; empty when it came as it is. */
  readonly encoding: string;
}

/** A page and the assets it names. */
export interface PageCheck {
  readonly html: string;
  readonly assets: readonly AssetAnswer[];
}

/**
 * Whether a GET answers 200. The connection is closed after it: a server may close a kept one in the moment at which
 * the next request takes it.
 */
export async function isServing(url: string): Promise<boolean> {
  const answer = await fetch(url, { headers: { connection: "close" } }).catch(() => undefined);
  await answer?.body?.cancel();
  return answer?.status === 200;
}

/**
 * Loads a page, then every script and stylesheet it names.
 * @throws Error when one of them does not come from the asset host or is not there
 */
export async function checkPage(url: string, assetHost: string): Promise<PageCheck> {
  const html = await (await fetch(url)).text();
  const named = [...html.matchAll(/<(?:script|link)[^>]+(?:src|href)="([^"]+\.(?:js|css))"/g)].map(
    (match) => match[1] ?? "",
  );
  if (named.length === 0) throw new Error(`${url} names no script and no stylesheet:\n${html}`);
  const assets = await Promise.all(named.map((asset) => loadAsset(asset, assetHost)));
  return { html, assets };
}

/** Shows how the page's assets came. */
export function sayAssets(page: PageCheck | undefined): void {
  for (const { asset, type, cacheControl } of page?.assets ?? []) {
    say(`page        ${asset}`);
    say(`            ${type}; ${cacheControl}`);
  }
}

async function loadAsset(asset: string, assetHost: string): Promise<AssetAnswer> {
  if (!asset.startsWith(`${assetHost}/`)) throw new Error(`${asset} is not at the asset host ${assetHost}`);
  const answer = await fetch(asset);
  await answer.arrayBuffer();
  if (!answer.ok) throw new Error(`${asset} answered ${answer.status}`);
  return {
    asset: asset.slice(assetHost.length + 1),
    status: answer.status,
    type: answer.headers.get("content-type") ?? "",
    cacheControl: answer.headers.get("cache-control") ?? "",
    encoding: answer.headers.get("content-encoding") ?? "",
  };
}
