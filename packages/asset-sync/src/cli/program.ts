import { AssetSyncError } from "../errors.ts";
import { saveMemory } from "./engine-memory.ts";
import { interruption, INTERRUPTING, reportFailure } from "./failure.ts";
import { untilReaderLeaves } from "./reader.ts";
import { asksForJson, run } from "./run.ts";

/** Runs the command line of this process and sets its exit code; a signal interrupts the work, which ends in order. */
export async function program(): Promise<void> {
  saveMemory();
  const stop = new AbortController();
  for (const signal of INTERRUPTING) process.once(signal, () => stop.abort(interruption(signal)));
  const words = process.argv.slice(2);
  const terminal = {
    stdout: untilReaderLeaves(process.stdout),
    stderr: untilReaderLeaves(process.stderr),
    environment: process.env,
    directory: process.cwd(),
  };
  const endedEarly = (exitCode: number): void => {
    if (exitCode === 0) process.exitCode = reportFailure(ended(), terminal, asksForJson(words), stop.signal);
  };
  process.once("exit", endedEarly);
  process.exitCode = await run(words, terminal, stop.signal);
  process.off("exit", endedEarly);
}

function ended(): AssetSyncError {
  return new AssetSyncError(
    "ASSET_SYNC_CONFIG_INVALID",
    "The process was ended before its work was done, with exit code 0, as a configuration does that calls process.exit.",
    { hint: "Let the configuration do nothing but export its values." },
  );
}
