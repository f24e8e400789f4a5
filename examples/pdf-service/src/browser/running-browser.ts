import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

import { launch, type Browser } from "puppeteer-core";

import { within } from "../within.ts";
import { watchCrashes, type CrashWatch } from "./crash-watch.ts";
import { browserEnvironment, FLAGS } from "./flags.ts";
import { memoryOfTree, offerToKernel } from "./process-tree.ts";

const PROFILE_PREFIX = "pdf-service-profile-";
const START_LIMIT_MS = 20_000;
const CLOSE_LIMIT_MS = 3000;

/** A browser, its processes and its folder. */
export interface RunningBrowser {
  readonly browser: Browser;
  readonly crashes: CrashWatch;
  /** Resolves when its processes are gone and its folder is removed, however it ended. */
  readonly ended: Promise<void>;
  memory(): Promise<number>;
  /** Asks it to end, and makes it. */
  close(): Promise<void>;
  kill(): void;
}

/**
 * Starts a browser with a fresh profile below the temp folder. Rejects when it is not ready in time, and leaves nothing of it: of
 * one that stops answering while it starts Puppeteer would wait for minutes, or for ever, and all pages with it.
 */
export async function startBrowser(executable: string, limitMs: number = START_LIMIT_MS): Promise<RunningBrowser> {
  const profile = await mkdtemp(join(tmpdir(), PROFILE_PREFIX));
  const giveUp = new AbortController();
  const late = setTimeout(() => giveUp.abort(new Error(`it was not ready within ${limitMs / 1000} s`)), limitMs);
  try {
    return await within(giveUp.signal, startIn(profile, executable, giveUp.signal));
  } catch (error) {
    giveUp.abort(error);
    await removeProfile(profile);
    throw error;
  } finally {
    clearTimeout(late);
  }
}

/** @param signal kills it, if it has not ended by itself */
async function startIn(profile: string, executable: string, signal: AbortSignal): Promise<RunningBrowser> {
  const browser = await launchIn(profile, executable, signal);
  const { pid, exited } = processOf(browser);
  await offerToKernel(pid);
  const kill = (): void => killGroup(pid);
  // what cannot be removed is no reason to end the service; the next start tries again
  const ended = exited
    .then(kill)
    .then(() => removeProfile(profile))
    .catch(() => undefined);
  const close = async (): Promise<void> => {
    const closed = browser.close().catch(() => undefined);
    await Promise.race([closed, ended, wait(CLOSE_LIMIT_MS, undefined, { ref: false })]);
    kill();
    await ended;
  };
  const crashes = await watchCrashes(browser);
  return { browser, crashes, ended, memory: () => memoryOfTree(pid), kill, close };
}

function launchIn(profile: string, executable: string, signal: AbortSignal): Promise<Browser> {
  return launch({
    executablePath: executable,
    headless: "shell",
    // a pipe, so that there is no port which anything could connect to
    pipe: true,
    args: [...FLAGS],
    userDataDir: profile,
    env: browserEnvironment(process.env, profile),
    // the signal ends the start
    timeout: 0,
    signal,
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
}

function processOf(browser: Browser): { readonly pid: number; readonly exited: Promise<unknown> } {
  const child = browser.process();
  if (child?.pid === undefined) throw new Error("Puppeteer started no process");
  const isRunning = child.exitCode === null && child.signalCode === null;
  return { pid: child.pid, exited: isRunning ? once(child, "exit") : Promise.resolve() };
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
