import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

import { launch, type Browser } from "puppeteer-core";

import { browserEnvironment, FLAGS } from "./flags.ts";
import { memoryOfTree } from "./process-tree.ts";

const PROFILE_PREFIX = "pdf-service-profile-";
const START_LIMIT_MS = 20_000;
const CLOSE_LIMIT_MS = 3000;

/** A browser, its processes and its folder. */
export interface RunningBrowser {
  readonly browser: Browser;
  readonly pid: number;
  /** Resolves when its processes are gone and its folder is removed, however it ended. */
  readonly ended: Promise<void>;
  memory(): Promise<number>;
  /** Asks it to end, and makes it. */
  close(): Promise<void>;
  kill(): void;
}

/** Starts a browser with a fresh profile below the temp folder. */
export async function startBrowser(executable: string): Promise<RunningBrowser> {
  const profile = await mkdtemp(join(tmpdir(), PROFILE_PREFIX));
  const browser = await launch({
    executablePath: executable,
    headless: "shell",
    // a pipe, so that there is no port which anything could connect to
    pipe: true,
    args: [...FLAGS],
    userDataDir: profile,
    env: browserEnvironment(process.env, profile),
    timeout: START_LIMIT_MS,
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  }).catch(async (error: unknown) => {
    await removeProfile(profile);
    throw error;
  });
  const child = browser.process();
  const pid = child?.pid;
  if (child === null || pid === undefined) throw new Error("Puppeteer started no process");
  const kill = (): void => killGroup(pid);
  const ended = (child.exitCode === null && child.signalCode === null ? once(child, "exit") : Promise.resolve())
    .then(kill)
    .then(() => removeProfile(profile));
  return {
    browser,
    pid,
    ended,
    memory: () => memoryOfTree(pid),
    kill,
    close: async () => {
      const closed = browser.close().catch(() => undefined);
      await Promise.race([closed, ended, wait(CLOSE_LIMIT_MS, undefined, { ref: false })]);
      kill();
      await ended;
    },
  };
}

/** Removes the profiles that an earlier process in this container left when it was killed. */
export async function removeLeftProfiles(): Promise<void> {
  const names = (await readdir(tmpdir())).filter((name) => name.startsWith(PROFILE_PREFIX));
  await Promise.all(names.map((name) => removeProfile(join(tmpdir(), name))));
}

/** The browser leads a process group; what is left of it after its end goes too. */
function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // nobody is left
  }
}

/** A process that is just being killed may still write into it. */
async function removeProfile(profile: string): Promise<void> {
  await rm(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
}
