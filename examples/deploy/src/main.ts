import { CommanderError } from "commander";

import { systemClock } from "./clock.ts";
import { DeployError, ERRORS } from "./errors.ts";
import { deployProgram } from "./program.ts";

const say = (line: string): void => void process.stderr.write(line.endsWith("\n") ? line : `${line}\n`);
const out = (line: string): void => void process.stdout.write(line.endsWith("\n") ? line : `${line}\n`);

process.exitCode = await run(process.argv.slice(2));

async function run(args: readonly string[]): Promise<number> {
  const assetSync = (process.env["ASSET_SYNC"] ?? "npx -y @slipway/asset-sync").split(" ");
  try {
    await deployProgram({ out, say, clock: systemClock, assetSync }).parseAsync(args, { from: "user" });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : ERRORS.DEPLOY_USAGE.exitCode;
    if (!(error instanceof DeployError)) throw error;
    say(`error: ${error.message} [${error.code}]\n  ${error.hint}`);
    return error.exitCode;
  }
}
