import { spawnSync } from "node:child_process";
import { symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execPath } from "node:process";

import { elections } from "./boot-election.ts";
import { BOOT_PEERS, type BootPeer } from "./boot-peers.ts";
import { programFolder } from "./boot-program.ts";
import { nothingPending } from "./boot-rails.ts";
import { interleave } from "./interleave.ts";
import { findPrograms, missingWords, programVersions, type Programs } from "./programs.ts";
import { NotReadyError, type BenchResult, type BenchSettings } from "./result.ts";
import { ratioOf } from "./summary.ts";

const ROUNDS = 80;

/** The least that a start does: before Node 26 it becomes the app by way of `env`, which answers what `execve` would abort on. */
const HAND_OVER = `process.execve("/usr/bin/env", ["env", "--", "true"], process.env);`;

/** The least that a script with a hook does: it runs the hook with Node's own means and hands over. */
const FLOOR = `require("node:child_process").spawnSync("true", { stdio: "inherit" });
process.execve("/bin/true", ["true"], process.env);`;

/** What stands before an app without Node: nothing, a shell, an init that is told it need not be PID 1. */
const INITS: readonly {
  readonly name: string;
  readonly command: string;
  readonly words: readonly string[];
  readonly peer?: BootPeer;
}[] = [
  { name: "direct exec", command: "true", words: [] },
  { name: "sh -c exec", command: "sh", words: ["-c", 'exec "$@"', "sh", "true"] },
  { name: "tini", command: "tini", words: ["-s", "--", "true"], peer: "tini" },
  { name: "dumb-init", command: "dumb-init", words: ["--", "true"], peer: "dumb-init" },
];

/**
 * What a start costs by itself, with an election of fifty and with nothing to migrate. The program has to be bundled
 * (`pnpm bundle`); it is copied and baked as in an image.
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
  using folder = programFolder();
  const { path, program } = folder;
  writeFileSync(join(path, "hand-over.cjs"), HAND_OVER);
  writeFileSync(join(path, "floor.cjs"), FLOOR);
  writeFileSync(join(path, "empty.cjs"), "");
  writeFileSync(join(path, "entrypoint.json"), '{ "tasks": [] }');
  symlinkSync(program, join(path, "prehook"));
  const begin = (command: string, ...words: readonly string[]) => {
    const { status, stderr } = spawnSync(command, words, { cwd: path, stdio: ["ignore", "ignore", "pipe"] });
    if (status !== 0)
      throw new Error(`${command} ${words.join(" ")} ended with ${String(status)}: ${stderr.toString()}`);
  };
  const start = (...words: readonly string[]) => begin(execPath, ...words);
  const small = INITS.filter(({ peer }) => peer === undefined || programs.has(peer));
  start(program, "bake");
  const timings = await interleave(
    [
      { name: "empty script", run: () => start("empty.cjs") },
      { name: "execve of env", run: () => start("hand-over.cjs") },
      { name: "run, empty definition", run: () => start(program, "run", "--quiet", "--", "true") },
      { name: "spawnSync and execve", run: () => start("floor.cjs") },
      { name: 'prehook "true"', run: () => start(join(path, "prehook"), "true", "--", "true") },
      ...small.map(({ name, command, words }) => ({ name, run: () => begin(command, ...words) })),
    ],
    rounds,
  );
  const [empty, ...others] = timings;
  const figures = Object.fromEntries(
    others.map((one) => [`${one.name} / empty script`, empty === undefined ? Number.NaN : ratioOf(one, empty)]),
  );
  return { versions: {}, timings, figures };
}
