import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { execPath } from "node:process";

import { elections } from "./boot-election.ts";
import { BOOT_PEERS, type BootPeer } from "./boot-peers.ts";
import { nothingPending } from "./boot-rails.ts";
import { resident } from "./boot-resident.ts";
import { initsHere, ownStarters } from "./boot-starters.ts";
import { interleave, type BenchCase } from "./interleave.ts";
import { findPrograms, missingWords, programVersions, type Programs } from "./programs.ts";
import { NotReadyError, type BenchResult, type BenchSettings } from "./result.ts";
import { startOnce } from "./start-once.ts";
import { ratioOf } from "./summary.ts";

const ROUNDS = 80;

/** The least that a start does: before Node 26 it becomes the app by way of `env`, which answers what `execve` would abort on. */
const HAND_OVER = `process.execve("/usr/bin/env", ["env", "--", "true"], process.env);`;

/** The least that a script with a hook does: it runs the hook with Node's own means and hands over. */
const FLOOR = `require("node:child_process").spawnSync("true", { stdio: "inherit" });
process.execve("/bin/true", ["true"], process.env);`;

/**
 * What a start costs by itself, with an election and with nothing to migrate, and what stays of it. The program has to
 * be bundled (`pnpm bundle`); it is copied and baked as in an image.
 * @throws NotReadyError where a server or a program is missing, unless `anyway` leaves out what needs it
 */
export async function bench(settings: BenchSettings): Promise<BenchResult> {
  const programs = await findPrograms(BOOT_PEERS);
  const missing = missingWords(BOOT_PEERS, programs);
  if (missing !== undefined && !settings.anyway) {
    throw new NotReadyError(`${missing}; --anyway leaves out what needs them`);
  }
  const parts = [
    await elections(settings, programs),
    await nothingPending(settings, programs),
    await startUp(settings, programs),
    await resident(programs),
  ];
  const inits = await programVersions(BOOT_PEERS, programs);
  return {
    versions: Object.assign({}, inits, ...parts.map(({ versions }) => versions)) as BenchResult["versions"],
    timings: parts.flatMap(({ timings }) => timings),
    figures: Object.assign({}, ...parts.map(({ figures }) => figures)) as BenchResult["figures"],
    remarks: [...(missing === undefined ? [] : [missing]), ...parts.flatMap(({ remarks = [] }) => remarks)],
  };
}

/** What a start costs beside an empty CommonJS script on the same Node, and beside what others start an app with. */
async function startUp({ rounds = ROUNDS }: BenchSettings, programs: Programs<BootPeer>): Promise<BenchResult> {
  using own = ownStarters();
  const script = (name: string, text: string): BenchCase => {
    const file = join(own.path, `${name.replaceAll(" ", "-")}.cjs`);
    writeFileSync(file, text);
    return { name, run: () => startOnce([execPath, file], own.path) };
  };
  const starters = [...own.starters, ...initsHere(programs)].map(({ name, before }): BenchCase => {
    return { name, run: () => startOnce(before("true"), own.path) };
  });
  const timings = await interleave(
    [
      script("empty script", ""),
      script("execve of env", HAND_OVER),
      script("spawnSync and execve", FLOOR),
      ...starters,
    ],
    rounds,
  );
  const [empty, ...others] = timings;
  const figures = Object.fromEntries(
    others.map((one) => [`${one.name} / empty script`, empty === undefined ? Number.NaN : ratioOf(one, empty)]),
  );
  return { versions: {}, timings, figures };
}
