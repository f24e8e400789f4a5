import type { Store } from "./store.ts";

/** A store that can be looked at only: whoever writes to it in a dry run has a bug. */
export function readOnlyStore(store: Store): Store {
  return {
    locate: (key) => store.locate(key),
    get: (key, signal, atMost) => store.get(key, signal, atMost),
    head: (key, signal) => store.head(key, signal),
    isPublic: (key, signal) => store.isPublic(key, signal),
    digest: (key, signal) => store.digest(key, signal),
    versionOf: (body) => store.versionOf(body),
    list: (range, signal) => store.list(range, signal),
    conditions: () => store.conditions(),
    now: () => store.now(),
    region: () => store.region(),
    put: (request) => Promise.reject(new Error(`put of ${request.key} in a dry run`)),
    putLarge: (request) => Promise.reject(new Error(`put of ${request.key} in a dry run`)),
    copy: (request) => Promise.reject(new Error(`copy of ${request.key} in a dry run`)),
    delete: (keys) => Promise.reject(new Error(`deletion of ${keys[0] ?? "nothing"} in a dry run`)),
    close: () => store.close(),
  };
}
