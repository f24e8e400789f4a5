import type { RequestCounts } from "../events.ts";

/** The requests that a store can make. */
export type RequestKind = Exclude<keyof RequestCounts, "total">;

/** Counts requests as a store sends them, each retry anew. */
export interface RequestCounter {
  add(kind: RequestKind): void;
  counts(): RequestCounts;
}

/** A counter at zero. */
export function requestCounter(): RequestCounter {
  const counted: Record<RequestKind, number> = { get: 0, put: 0, head: 0, list: 0, copy: 0, delete: 0, invalidate: 0 };
  return {
    add: (kind) => {
      counted[kind] += 1;
    },
    counts: () => ({ total: Object.values(counted).reduce((sum, count) => sum + count, 0), ...counted }),
  };
}
