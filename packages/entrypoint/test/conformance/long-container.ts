import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmod, mkdir, symlink, writeFile } from "node:fs/promises";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";

import { fixturePrograms, runSync, tempTree, until } from "@slipway/testkit";

import { buildProgram } from "../bundle.ts";
import type { Mode, Setting } from "./modes.ts";

const DRIVER = join(import.meta.dirname, "../fixtures");

/** What is run: the words after `entrypoint`, or whole words when `program` is given instead. */
export interface Start {
  readonly mode: Mode;
  readonly definition?: object;
  /** The entrypoint's own flags. */
  readonly flags?: readonly string[];
  readonly command?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** Words before all others: a shell that prepares the process, or a terminal. They get the others as their last. */
  readonly around?: (words: readonly string[]) => readonly string[];
  /** Standard input; without it, it is closed at once. `null`: it stays open. */
  readonly input?: string | null;
  /** After the start, or where an init is above it, after the init has started it. */
  readonly killAfter?: { readonly ms: number; readonly signal: number };
}

/** How it ended: 128 + n when signal n did it. */
export interface End {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A program in the container. */
export interface Inside {
  readonly ended: Promise<End>;
  stdout(): string;
  stderr(): string;
  says(what: string | RegExp): Promise<void>;
  kill(signal: NodeJS.Signals | number): void;
  write(text: string): void;
}

/** A container in which many programs are started, one PID namespace each. */
export interface LongContainer extends AsyncDisposable {
  start(start: Start): Promise<Inside>;
  run(start: Start): Promise<End>;
}

interface Entry {
  stdout: string;
  stderr: string;
  end: (end: End) => void;
}

interface Message {
  readonly id: number;
  readonly stream?: "stdout" | "stderr";
  readonly text?: string;
  readonly code?: number | null;
  readonly signal?: NodeJS.Signals | null;
}

/** Starts the container. */
export async function startLongContainer(setting: Setting, image = "node:24-slim"): Promise<LongContainer> {
  const built = await buildProgram();
  const fixtures = await tempTree();
  const programs = await fixturePrograms();
  await mkdir(join(fixtures.path, "tini"));
  await fixtures.write({ bad: "#!/no/such\n", text: 'echo "as text $1"\n', plain: "x" });
  for (const name of ["bad", "text"]) await chmod(join(fixtures.path, name), 0o755);
  await symlink("/sbin/docker-init", join(fixtures.path, "tini/tini"));
  for (const folder of [built.path, dirname(built.file), fixtures.path, programs.path]) await chmod(folder, 0o755);
  const name = `slipway-test-${randomBytes(6).toString("hex")}`;
  const volumes = [`${dirname(built.file)}:/bundle:ro`, `${fixtures.path}:/fixtures:ro`, `${DRIVER}:/driver:ro`];
  const flags = volumes.flatMap((volume) => ["--volume", volume]);
  const words = ["run", "--rm", "-i", "--init", "--privileged", "--network", "none", "--name", name];
  await mkdir(join(fixtures.path, "programs"));
  flags.push("--volume", `${programs.path}:/fixtures/programs:ro`);
  const container = spawn(
    "docker",
    [...words, ...setting.flags, ...flags, image, "node", "/driver/container-driver.cjs"],
    { stdio: ["pipe", "pipe", "inherit"] },
  );
  const entries = new Map<number, Entry>();
  createInterface({ input: container.stdout }).on("line", (line) => take(entries, JSON.parse(line) as Message));
  container.once("exit", () => {
    for (const [id] of entries) take(entries, { id, code: -1 });
  });
  const send = (message: object): void => void container.stdin.write(`${JSON.stringify(message)}\n`);
  let last = 0;
  const start = async (what: Start): Promise<Inside> => {
    last += 1;
    const id = last;
    const entry: Entry = { stdout: "", stderr: "", end: () => undefined };
    const ended = new Promise<End>((resolve) => (entry.end = resolve));
    entries.set(id, entry);
    const cwd = join(fixtures.path, `case-${String(id)}`);
    await mkdir(cwd);
    await writeFile(join(cwd, "entrypoint.json"), JSON.stringify({ tasks: [], ...what.definition }));
    send({ id, ...startMessage(what, setting, `/fixtures/case-${String(id)}`) });
    if (typeof what.input === "string") send({ id, write: what.input });
    if (what.input !== null) send({ id, close: true });
    return inside(entry, ended, (message) => send({ id, ...message }));
  };
  return {
    start,
    run: async (what) => (await start(what)).ended,
    [Symbol.asyncDispose]: async () => {
      runSync("docker", ["rm", "--force", name]);
      await Promise.all([built, fixtures, programs].map(async (tree) => tree[Symbol.asyncDispose]()));
    },
  };
}

function startMessage(what: Start, { drop }: Setting, cwd: string): object {
  const { mode, flags = ["--quiet"], command = [], env, around = (words) => words, killAfter } = what;
  const own = [...drop, ...mode.after, "/bundle/entrypoint.cjs", "run", ...flags, "--", ...command];
  return {
    start: around([...mode.before, ...own]),
    cwd,
    env: { PATH: mode.path, ...env },
    inner: mode.before.length > 0,
    killAfter: killAfter === undefined ? undefined : { ...killAfter, belowInit: mode.after.length > 0 },
  };
}

function take(entries: Map<number, Entry>, message: Message): void {
  const entry = entries.get(message.id);
  if (entry === undefined) return;
  if (message.stream !== undefined) {
    entry[message.stream] += message.text ?? "";
    return;
  }
  const { code, signal } = message;
  const exitCode = typeof signal === "string" ? 128 + constants.signals[signal] : (code ?? -1);
  entry.end({ code: exitCode, stdout: entry.stdout, stderr: entry.stderr });
}

function inside(entry: Entry, ended: Promise<End>, send: (message: object) => void): Inside {
  let over = false;
  void ended.then(() => (over = true));
  const text = (): string => entry.stdout + entry.stderr;
  return {
    ended,
    stdout: () => entry.stdout,
    stderr: () => entry.stderr,
    says: async (what) => {
      const said = (): boolean => (typeof what === "string" ? text().includes(what) : what.test(text()));
      await until(`it says ${String(what)}`, () => {
        if (over && !said()) throw new Error(`it ended and never said ${String(what)}, but:\n${text()}`);
        return said();
      });
    },
    kill: (signal) => send({ kill: typeof signal === "number" ? signal : constants.signals[signal] }),
    write: (written) => send({ write: written }),
  };
}
