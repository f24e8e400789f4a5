import type { Command } from "commander";

import { adopt, type AdoptOptions, type AdoptSummary } from "../adopt/adopt.ts";
import { contentOptions } from "../config/content-options.ts";
import { objectOptions } from "../config/object-options.ts";
import { resolveTarget, type Flags } from "../config/options.ts";
import { count } from "../amounts.ts";
import {
  repeated,
  verb,
  withConfig,
  withObjects,
  withOutput,
  withTarget,
  type ConfigFlag,
  type OutputFlags,
} from "./flags.ts";
import { readConfig } from "./read-config.ts";
import { printer, type Printer, type Terminal } from "./terminal.ts";

interface AdoptFlags {
  readonly fix?: boolean;
  readonly write?: boolean;
}

/** `asset-sync adopt`: takes over what something else has put there. */
export function adoptVerb(terminal: Terminal, signal: AbortSignal): Command {
  const command = verb(
    "adopt",
    "Looks at objects that something else has put there; with --write records them in the ledger.",
    "asset-sync adopt --to s3://shop-assets",
  );
  withOutput(withObjects(withConfig(withTarget(command))))
    .option("--dir <name>", "folder of the target; may be repeated (default: assets, packs*, vite*)", repeated)
    .option("--header <rule>", "'GLOB: Name=value' for the keys that match; may be repeated", repeated)
    .option("--write", "record what is there in the ledger")
    .option("--fix", "also give objects with wrong headers the right ones, in place");
  return command.action(async (flags: Flags & AdoptFlags & ConfigFlag & OutputFlags) => {
    const { environment, directory } = terminal;
    const file = await readConfig(flags, terminal, signal);
    const target = resolveTarget({ ...flags, file }, environment, directory);
    const { headers } = contentOptions(flags, environment, file);
    const folders = flags.dir ?? file.dirs;
    const options = {
      target,
      headers,
      ...(folders === undefined ? {} : { folders }),
      fix: flags.fix === true,
      write: flags.write === true,
      objects: objectOptions(flags, file, target),
    };
    show(await adopt(options, { signal }), options, printer(terminal, flags));
  });
}

function show(summary: AdoptSummary, { fix, objects: { acl } }: AdoptOptions, out: Printer): void {
  const { target, objects, faults, skipped, fixed, adopted, written, requests } = summary;
  for (const { key, fault } of faults) {
    out.json({ type: "fault", key, fault });
    out.line(`${fault.padEnd(20)} ${key}`);
  }
  for (const { key, reason } of skipped) {
    out.json({ type: "skipped", key, reason });
    out.line(`${`skipped: ${reason}`.padEnd(20)} ${key}`);
  }
  if (fix && acl === undefined && faults.some(({ fault }) => fault === "public ACL")) {
    out.line("What is public is left as it is: name --acl public-read to keep it so, or private.");
  }
  const counts = { objects, faults: faults.length, skipped: skipped.length, fixed, adopted };
  out.json({ type: "summary", target, ...counts, written, requests });
  const recorded = written ? "recorded in the ledger" : "to record (nothing was written: --write does, --fix too)";
  const mended = fixed === 0 ? "" : `, ${fixed} put right`;
  out.line(`${target}: ${count(objects, "object")}, ${count(faults.length, "fault")}${mended}; ${adopted} ${recorded}`);
}
