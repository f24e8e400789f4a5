/** A ledger is an archive of its own, not an encoded page: a cache or proxy must not unpack it. */
export const LEDGER_HEADERS = { "content-type": "application/zstd", "cache-control": "no-store" } as const;
