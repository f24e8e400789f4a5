import { startS3Double, type S3Double, type S3DoubleOptions } from "@slipway/testkit";

import { requestCounter, type RequestCounter } from "../../src/store/request-counter.ts";
import type { S3Settings } from "../../src/store/s3-connection.ts";
import { s3Store } from "../../src/store/s3-store.ts";
import type { Store } from "../../src/store/store.ts";
import { stubCredentials } from "../sync/fixture.ts";

/** A store at an S3 double; pauses between attempts are noted and not waited for. */
export interface DoubleStore extends AsyncDisposable {
  readonly double: S3Double;
  readonly store: Store;
  readonly counter: RequestCounter;
  readonly pauses: number[];
}

/** Its credentials are in this process' environment. */
export async function openDouble(options: S3DoubleOptions = {}, settings: S3Settings = {}): Promise<DoubleStore> {
  const double = await startS3Double({ buckets: ["shop"], ...options });
  stubCredentials(double);
  const counter = requestCounter();
  const pauses: number[] = [];
  const pause = async (milliseconds: number): Promise<void> => void pauses.push(milliseconds);
  const { endpoint, region } = double;
  const target = {
    kind: "s3",
    url: "s3://shop",
    bucket: "shop",
    prefix: "",
    endpoint,
    region,
    pathStyle: true,
  } as const;
  const store = s3Store(target, counter, { ...settings, patience: { pause, ...settings.patience } });
  return {
    double,
    store,
    counter,
    pauses,
    [Symbol.asyncDispose]: async () => {
      store.close();
      await double[Symbol.asyncDispose]();
    },
  };
}
