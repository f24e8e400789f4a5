import { serviceVariable, startS3Double } from "@slipway/testkit";

import { testDatabase } from "../../packages/entrypoint/test/database.ts";
import type { Scenario } from "./scenario.ts";

/** The servers a scenario runs among, and the variables by which commands find them. */
export interface Surroundings extends AsyncDisposable {
  readonly environment: Readonly<Record<string, string>>;
}

/** Starts what a scenario asks for. */
export async function startSurroundings({ s3 = false, needs = [] }: Scenario): Promise<Surroundings> {
  const started = new AsyncDisposableStack();
  const parts: Readonly<Record<string, string>>[] = [];
  if (s3) {
    const double = started.use(await startS3Double({ buckets: ["shop-assets"] }));
    parts.push({
      ASSET_SYNC_ENDPOINT: double.endpoint,
      ASSET_SYNC_PATH_STYLE: "true",
      ASSET_SYNC_REGION: double.region,
      AWS_ACCESS_KEY_ID: double.credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: double.credentials.secretAccessKey,
    });
  }
  if (needs.includes("postgres")) parts.push({ DATABASE_URL: started.use(await testDatabase()).url });
  if (needs.includes("npm")) parts.push(npmSettings());
  if (needs.includes("terraform")) {
    parts.push({ TEST_TERRAFORM_PLUGIN_DIR: serviceVariable("TEST_TERRAFORM_PLUGIN_DIR") });
  }
  return { environment: Object.assign({}, ...parts), [Symbol.asyncDispose]: () => started.disposeAsync() };
}

/** How npm reaches its registry from this machine: its settings, a proxy, certificates. */
function npmSettings(): Readonly<Record<string, string>> {
  const { PATH: _, ...others } = process.env;
  return Object.fromEntries(Object.entries(others).map(([name, value = ""]) => [name, value]));
}
