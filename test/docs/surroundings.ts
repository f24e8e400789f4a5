import { serviceVariable, startLoopbackServer, startS3Double, type LoopbackServer } from "@slipway/testkit";

import { testDatabase } from "../../packages/entrypoint/test/database.ts";
import type { Scenario } from "./scenario.ts";

/** The servers a scenario runs among, and the variables by which commands find them. */
export interface Surroundings extends AsyncDisposable {
  readonly environment: Readonly<Record<string, string>>;
}

/** Starts what a scenario asks for. */
export async function startSurroundings({ s3 = false, ecs, needs = [] }: Scenario): Promise<Surroundings> {
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
  if (ecs !== undefined) parts.push({ AWS_ENDPOINT_URL_ECS: started.use(await startEcsDouble(ecs)).endpoint });
  if (needs.includes("postgres")) parts.push({ DATABASE_URL: started.use(await testDatabase()).url });
  if (needs.includes("npm")) parts.push(npmSettings());
  if (needs.includes("terraform")) {
    parts.push({ TEST_TERRAFORM_PLUGIN_DIR: serviceVariable("TEST_TERRAFORM_PLUGIN_DIR") });
  }
  return { environment: Object.assign({}, ...parts), [Symbol.asyncDispose]: () => started.disposeAsync() };
}

/** An ECS in which every service runs one image. */
function startEcsDouble(image: string): Promise<LoopbackServer> {
  const answers: Readonly<Record<string, object>> = {
    DescribeServices: { services: [{ taskDefinition: "web:1" }] },
    ListTasks: { taskArns: [] },
    DescribeTaskDefinition: { taskDefinition: { containerDefinitions: [{ image }] } },
  };
  return startLoopbackServer((request, response) => {
    const [, operation = ""] = String(request.headers["x-amz-target"]).split(".");
    request.resume().on("end", () => response.end(JSON.stringify(answers[operation])));
  });
}

/** How npm reaches its registry from this machine: its settings, a proxy, certificates. */
function npmSettings(): Readonly<Record<string, string>> {
  const { PATH: _, ...others } = process.env;
  return Object.fromEntries(Object.entries(others).map(([name, value = ""]) => [name, value]));
}
