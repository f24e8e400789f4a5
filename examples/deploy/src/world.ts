import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { ECRClient } from "@aws-sdk/client-ecr";
import { ECSClient } from "@aws-sdk/client-ecs";
import { SSMClient } from "@aws-sdk/client-ssm";

import type { AssetProgram } from "./asset-program.ts";
import { Ecs } from "./aws/ecs.ts";
import { Images } from "./aws/images.ts";
import { LogStream } from "./aws/logs.ts";
import { Markers } from "./aws/markers.ts";
import type { Clock } from "./clock.ts";
import { ENVIRONMENTS, type Environment, type EnvironmentName } from "./environments.ts";

/** What a deployment works with. */
export interface World {
  readonly environment: Environment;
  readonly ecs: Ecs;
  readonly images: Images;
  readonly markers: Markers;
  readonly assets: AssetProgram;
  readonly clock: Clock;
  log(group: string, stream: string): LogStream;
  say(line: string): void;
}

/** Requests that are throttled, or not answered in time, are repeated by the clients themselves. */
const CLIENT = { maxAttempts: 10, requestHandler: { connectionTimeout: 5000, socketTimeout: 30_000 } };

/** The world of an environment, with clients that are set up by the standard AWS variables. */
export function awsWorld(name: EnvironmentName, parts: Pick<World, "assets" | "clock" | "say">): World {
  const environment = ENVIRONMENTS[name];
  const logs = new CloudWatchLogsClient(CLIENT);
  return {
    environment,
    ecs: new Ecs(new ECSClient(CLIENT), environment.cluster),
    images: new Images(new ECRClient(CLIENT)),
    markers: new Markers(new SSMClient(CLIENT), environment.parameter),
    log: (group, stream) => new LogStream(logs, group, stream),
    ...parts,
  };
}
