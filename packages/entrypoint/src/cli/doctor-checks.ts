import { accessSync, constants, existsSync, readFileSync, statSync } from "node:fs";

import { isInPath } from "../process/find-program.ts";
import { parseLimits } from "../process/open-files.ts";

/** How a check came out: `bad` means that starts fail here, `note` that something is not as it could be. */
export interface DoctorFinding {
  readonly check: string;
  readonly verdict: "ok" | "note" | "bad";
  /** What was found. */
  readonly found: string;
  /** What to do, where there is something. */
  readonly hint?: string;
}

/** What this machine is asked for. */
export interface DoctorPlace {
  readonly env: Readonly<NodeJS.ProcessEnv>;
}

type Check = (place: DoctorPlace) => Omit<DoctorFinding, "check"> | Promise<Omit<DoctorFinding, "check">>;

/** What the entrypoint needs of a container, and what it does better with. */
export const CHECKS: Readonly<Record<string, Check>> = {
  init: ({ env }) => {
    if (process.pid !== 1) return { verdict: "ok", found: `not PID 1: ${nameOf(process.ppid)} is the parent` };
    if (isInPath("tini", env["PATH"] ?? "")) return { verdict: "note", found: "PID 1, with tini in PATH", hint: TINI };
    return { verdict: "note", found: "PID 1, and there is no tini: zombies stay", hint: TINI };
  },
  node: () => ({ verdict: "ok", found: `${process.version}, V8 ${process.versions.v8}` }),
  execve: () =>
    typeof process.execve === "function"
      ? { verdict: "ok", found: "there: nothing stays beside the app" }
      : {
          verdict: "note",
          found: "not in this Node: the entrypoint stays as the app's parent, with about 45 MB",
          hint: "Use Node 22.15 or later.",
        },
  shell: () =>
    isExecutableFile("/bin/sh")
      ? { verdict: "ok", found: "/bin/sh" }
      : {
          verdict: "note",
          found:
            "no /bin/sh: a task goes on when the entrypoint is killed, and scripts without a first line do not run",
          hint: "Use a base image with a shell, such as the slim ones.",
        },
  env: () =>
    isExecutableFile("/usr/bin/env")
      ? { verdict: "ok", found: "/usr/bin/env" }
      : {
          verdict: "note",
          found: "no /usr/bin/env: a program that only the kernel refuses ends with 134 before Node 26",
          hint: "Install coreutils, or use Node 26.",
        },
  root: () =>
    isWritable("/")
      ? { verdict: "ok", found: "writable for this user" }
      : { verdict: "ok", found: "read-only, or not this user's: nothing of the entrypoint writes there" },
  "temporary files": ({ env }) => {
    const folders = ["/dev/shm", env["TMPDIR"] ?? "/tmp"];
    const writable = folders.filter(isWritable);
    if (writable.length > 0) return { verdict: "ok", found: `${writable.join(" and ")} can be written to` };
    return {
      verdict: "note",
      found: `neither ${folders.join(" nor ")} can be written to: several processes cut each other's lines, and tasks with secrets do not run`,
      hint: "Mount a tmpfs at /tmp.",
    };
  },
  user: () => {
    const uid = process.getuid?.() ?? 0;
    const known = lines("/etc/passwd").some((line) => line.split(":")[2] === String(uid));
    if (uid === 0)
      return { verdict: "note", found: "root", hint: "Give the image a USER: the app needs no rights of root." };
    return {
      verdict: "ok",
      found: `${String(uid)}${known ? "" : ", which no passwd entry names: that is no trouble here"}`,
    };
  },
  "open files": () => {
    const own = parseLimits(lines("/proc/self/limits").join("\n"));
    const parent = parseLimits(lines(`/proc/${String(process.ppid)}/limits`).join("\n"));
    if (own === undefined) return { verdict: "note", found: "not known: /proc is not mounted", hint: "Mount /proc." };
    return { verdict: "ok", found: `${parent?.soft ?? own.soft} of ${own.hard}` };
  },
  memory: () => {
    const [limit] = lines("/sys/fs/cgroup/memory.max");
    if (limit === undefined || limit === "max") return { verdict: "ok", found: "no limit of a cgroup" };
    const megabytes = Number(limit) / 1024 / 1024;
    if (megabytes >= LEAST_MEGABYTES) return { verdict: "ok", found: `${megabytes.toFixed(0)} MB` };
    return {
      verdict: "note",
      found: `${megabytes.toFixed(0)} MB`,
      hint: "A start takes about 60 MB until the app begins.",
    };
  },
  clock: () => {
    // The files of official images have a date of the last century.
    const made = Math.max(statSync(process.execPath).mtimeMs, THIS_PROGRAM);
    const now = new Date();
    if (now.getTime() > made) return { verdict: "ok", found: now.toISOString() };
    return {
      verdict: "bad",
      found: `${now.toISOString()}, before this program was made`,
      hint: "Set the host's clock: TLS refuses certificates that are not valid yet.",
    };
  },
  dns: async ({ env }) => {
    const host = databaseHost(env);
    const began = process.uptime();
    const { lookup } = await import("node:dns/promises");
    const outcome = await Promise.race([lookup(host).then(({ address }) => address, String), late(DNS_MS)]);
    const seconds = process.uptime() - began;
    const found = `${host} is ${outcome ?? "not answered"} after ${seconds.toFixed(1)} s`;
    if (outcome === undefined || outcome.startsWith("Error")) {
      return {
        verdict: "bad",
        found,
        hint: "Look at /etc/resolv.conf and the network of the container; wait-for goes on asking.",
      };
    }
    return seconds > SLOW_S
      ? { verdict: "note", found, hint: "Every connection of the app waits as long." }
      : { verdict: "ok", found };
  },
};

/** No release of this program is older. */
const THIS_PROGRAM = Date.UTC(2026, 0);

const TINI = 'Write ENTRYPOINT ["tini", "--", "entrypoint", …], or set initProcessEnabled or docker run --init.';
const LEAST_MEGABYTES = 128;
const DNS_MS = 30_000;
const SLOW_S = 1;

/** The host of the database, as that is what a start asks for first; otherwise this machine. */
function databaseHost(env: Readonly<NodeJS.ProcessEnv>): string {
  const url = env["DATABASE_URL"] ?? "";
  const host = URL.canParse(url) ? new URL(url).hostname : "";
  return host === "" ? "localhost" : host.replace(/^\[|\]$/g, "");
}

function late(ms: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(() => resolve(undefined), ms).unref());
}

function nameOf(pid: number): string {
  return lines(`/proc/${String(pid)}/comm`)[0] ?? `process ${String(pid)}`;
}

function isExecutableFile(path: string): boolean {
  return can(path, constants.X_OK);
}

function isWritable(folder: string): boolean {
  return existsSync(folder) && can(folder, constants.W_OK);
}

function can(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}

function lines(path: string): readonly string[] {
  try {
    return readFileSync(path, "utf8")
      .split("\n")
      .filter((line) => line !== "");
  } catch {
    return [];
  }
}
