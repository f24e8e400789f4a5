import type { Target } from "../config/target.ts";
import { folderStore } from "./folder-store.ts";
import type { RequestCounter } from "./request-counter.ts";
import type { S3Settings } from "./s3-connection.ts";
import { s3Store } from "./s3-store.ts";
import type { Store } from "./store.ts";

/** The store of a target; its requests go to `counter`. */
export function openStore(target: Target, counter: RequestCounter, settings: S3Settings = {}): Store {
  return target.kind === "s3" ? s3Store(target, counter, settings) : folderStore(target.directory, counter);
}
