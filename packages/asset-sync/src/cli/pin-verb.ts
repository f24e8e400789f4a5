import type { Command } from "commander";

import { objectOptions } from "../config/object-options.ts";
import { resolveTarget, type Flags } from "../config/options.ts";
import { checkRelease } from "../config/release.ts";
import { pin } from "../sync/pin.ts";
import {
  verb,
  withConfig,
  withEncryption,
  withOutput,
  withTarget,
  type ConfigFlag,
  type OutputFlags,
} from "./flags.ts";
import { readConfig } from "./read-config.ts";
import { printer, type Terminal } from "./terminal.ts";

/** `asset-sync pin ID`: keeps a release whatever its age; `asset-sync unpin ID` lets go of it. */
export function pinVerb(name: "pin" | "unpin", terminal: Terminal, signal: AbortSignal): Command {
  const pinned = name === "pin";
  const command = verb(
    name,
    pinned ? "Keeps a release's assets whatever its age." : "Lets a pinned release grow old as others do.",
    `asset-sync ${name} v42 --to s3://shop-assets`,
  );
  withOutput(withEncryption(withConfig(withTarget(command)))).argument(
    "<release>",
    "its name, as `asset-sync releases` lists it",
  );
  return command.action(async (id: string, flags: Flags & ConfigFlag & OutputFlags) => {
    const { environment, directory } = terminal;
    const release = checkRelease(id);
    const file = await readConfig(flags, terminal, signal);
    const target = resolveTarget({ ...flags, file }, environment, directory);
    const { encryption } = objectOptions(flags, file, target);
    const changed = await pin(
      target,
      { release, pinned },
      { signal, ...(encryption === undefined ? {} : { encryption }) },
    );
    const out = printer(terminal, flags);
    out.json({ type: "summary", release, pinned, changed });
    out.line(`${release} ${changed ? "is" : "was already"} ${pinned ? "pinned" : "not pinned"}`);
  });
}
