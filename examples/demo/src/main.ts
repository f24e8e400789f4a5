import { parseArgs } from "node:util";

import { bundlePrograms } from "../../../scripts/bundle.ts";
import { runDockerDemo } from "./docker/demo.ts";
import { DEMO_DIRECTORY, runEmbeddedDemo } from "./embedded/demo.ts";
import { runInterruptible } from "./interruption.ts";
import { say } from "./screen.ts";

const USAGE = `Usage: npx -y pnpm@12 demo [--docker] [--stay]

Shows the chain from image definition to serving containers.

  --docker  with real images, S3 and PostgreSQL instead of a folder store and SQLite
  --stay    keep everything running until Ctrl-C, to look at it in a browser

Example: npx -y pnpm@12 demo --docker --stay
`;

await runInterruptible(() => main(process.argv.slice(2)));

async function main(args: readonly string[]): Promise<number> {
  const flags = readFlags(args);
  if (flags === undefined) return 2;
  if (flags.help) {
    say(USAGE);
    return 0;
  }
  await bundlePrograms();
  if (flags.docker) return runDockerDemo(flags);
  await runEmbeddedDemo(DEMO_DIRECTORY, flags.stay);
  return 0;
}

function readFlags(args: readonly string[]): { docker: boolean; stay: boolean; help: boolean } | undefined {
  try {
    const flag = { type: "boolean", default: false } as const;
    return parseArgs({ args: [...args], options: { docker: flag, stay: flag, help: flag } }).values;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    return undefined;
  }
}
