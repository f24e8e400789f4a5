import pLimit from "p-limit";

import { AssetSyncError } from "../errors.ts";
import { UNKNOWN_DIGEST, type Ledger, type LedgerFile } from "../ledger/ledger.ts";
import type { Receipt } from "../sync/receipt.ts";
import { Browser, type BrowserOptions, type Served } from "./browser.ts";
import { mostBytes, servedFaults, type Expected } from "./served.ts";
import type { Finding } from "./verification.ts";

const WINDOW = 16;

/** A timer of Node that is set to more rings at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** What broken connections mean, by the codes of Node and OpenSSL. */
const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there",
  ECONNRESET: "the connection was cut",
  ENOTFOUND: "there is no such host",
  EAI_AGAIN: "the host's name could not be looked up",
  ETIMEDOUT: "the server is silent",
  CERT_HAS_EXPIRED: "TLS: the certificate has expired",
  DEPTH_ZERO_SELF_SIGNED_CERT: "TLS: the certificate is signed by itself",
  SELF_SIGNED_CERT_IN_CHAIN: "TLS: the certificate's issuer is not trusted here",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "TLS: the certificate's issuer is not known here",
  ERR_TLS_CERT_ALTNAME_INVALID: "TLS: the certificate is for another host",
  EPROTO: "TLS: no common protocol",
};

/**
 * Fetches what a receipt names from where browsers get it, and compares it with what is stored.
 *
 * @param via the URL under which the target's keys are served
 * @throws AssetSyncError ASSET_SYNC_CDN_UNREACHABLE when not even the first connection comes about, or when all together takes
 * longer than `limit` milliseconds
 */
export async function findServed(
  via: URL,
  receipt: Receipt,
  ledger: Ledger,
  { limit, ...given }: BrowserOptions & { readonly limit: number },
): Promise<readonly Finding[]> {
  const over = AbortSignal.timeout(Math.min(limit, LONGEST_TIMER_MS));
  const signal = given.signal === undefined ? over : AbortSignal.any([given.signal, over]);
  const options = { ...given, signal };
  const browser = new Browser(options);
  const window = pLimit(WINDOW);
  let fetched = 0;
  const find = async (one: Expected): Promise<Finding> => {
    const found = await findOne(browser, via, one, options);
    fetched += 1;
    return found;
  };
  const replaceable = new Set(receipt.replaceable);
  const expected = Object.entries(receipt.files).map(([key, digest]) =>
    expectedOf(key, digest, replaceable.has(key), ledger.files.get(key)),
  );
  try {
    const [first, ...rest] = expected;
    if (first === undefined) return [];
    const opened = await find(first);
    const fault = opened.faults?.find(({ what }) => what === "connection");
    if (fault !== undefined) throw unreachable(via, fault.found);
    return [opened, ...(await Promise.all(rest.map((one) => window(() => find(one)))))];
  } catch (error) {
    if (!over.aborted || given.signal?.aborted === true) throw error;
    throw unreachable(
      via,
      `${fetched} of ${expected.length} files were fetched in the ${limit / 1000} s that are allowed`,
    );
  } finally {
    browser.close();
  }
}

async function findOne(browser: Browser, via: URL, expected: Expected, options: BrowserOptions): Promise<Finding> {
  const { key } = expected;
  options.signal?.throwIfAborted();
  const served = await browser.get(servedUrl(via, key), mostBytes(expected)).catch((error: unknown): string => {
    options.signal?.throwIfAborted();
    return reasonOf(error);
  });
  if (isServed(served)) return { key, kind: "there", faults: servedFaults(expected, served, options.origin) };
  return { key, kind: "there", faults: [{ key, what: "connection", found: served, expected: "an answer" }] };
}

function isServed(served: Served | string): served is Served {
  return typeof served !== "string";
}

/** A plain file may be a newer release's by now: then it is the ledger that knows its bytes. */
function expectedOf(key: string, named: string, replaceable: boolean, row: LedgerFile | undefined): Expected {
  const digest = replaceable && row !== undefined ? row.sha256 : named;
  return {
    key,
    sha256: digest === UNKNOWN_DIGEST ? undefined : digest,
    size: row !== undefined && row.sha256 === digest && digest !== UNKNOWN_DIGEST ? row.size : undefined,
    headers: row?.headers ?? {},
  };
}

/** The URL of a key below `via`. */
export function servedUrl(via: URL, key: string): URL {
  const path = key.split("/").map((part) => encodeURIComponent(part));
  return new URL(`${via.pathname.replace(/\/$/, "")}/${path.join("/")}`, via);
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const message = error instanceof Error && error.message !== "" ? error.message : code;
  const meaning = REASONS[code];
  return meaning === undefined ? message : `${meaning} (${message})`;
}

function unreachable(via: URL, reason: string): AssetSyncError {
  return new AssetSyncError("ASSET_SYNC_CDN_UNREACHABLE", `${via.href} could not be asked: ${reason}.`);
}
