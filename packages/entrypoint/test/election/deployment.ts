import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { startProgram, tempTree, type RunningProgram } from "@slipway/testkit";

import type { TestBackEnd } from "./back-ends.ts";

/** Containers of one release that hold their election in a back end. */
export interface Deployment extends AsyncDisposable {
  start(env?: NodeJS.ProcessEnv): RunningProgram;
  /** What the tasks wrote down: `begin`, `end`, and `OVERLAP` when one found another alive. */
  log(): Promise<string[]>;
  write(files: Readonly<Record<string, string>>): Promise<void>;
}

/** How the task behaves. */
export interface Work {
  /** The shell command that does it. */
  readonly does: string;
  /** Seconds before that. */
  readonly takes?: number;
  /** Keys of the task in the definition. */
  readonly more?: object;
}

/** The kernel frees this lock when the last process of a task is gone: who cannot have it has met another task alive. */
const EXCLUSION = "exec 9>>exclusion; flock -n 9 || { echo OVERLAP >> log; exit 99; }";

export async function deploy(program: string, backEnd: TestBackEnd, work: Work): Promise<Deployment> {
  const stack = new AsyncDisposableStack();
  const { does, takes = 0, more = {} } = work;
  const script = `${EXCLUSION}; echo begin >> log; sleep ${String(takes)}; ${does}; code=$?; [ $code = 0 ] && echo end >> log; exit $code`;
  const task = {
    task: "migrate",
    run: ["sh", "-c", script],
    election: "${ELECTION_URL}",
    deadline: "60s",
    // A busy machine is late with heartbeats.
    lease: "30s",
    ...more,
  };
  const folder = stack.use(await tempTree({ log: "", "entrypoint.json": JSON.stringify({ tasks: [task] }) }));
  return {
    start: (env = {}) => {
      const all = { ...process.env, ENTRYPOINT_RELEASE: "r1", ELECTION_URL: backEnd.url, ...backEnd.env, ...env };
      const args = [program, "run", "--json", "--", "echo", "APP"];
      return stack.use(startProgram(process.execPath, args, { cwd: folder.path, env: all }));
    },
    log: async () => (await readFile(join(folder.path, "log"), "utf8")).split("\n").filter(Boolean),
    write: (files) => folder.write(files),
    [Symbol.asyncDispose]: async () => stack.disposeAsync(),
  };
}
