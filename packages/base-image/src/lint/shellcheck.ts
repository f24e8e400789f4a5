import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { execa } from "execa";

import type { Finding, Severity } from "../dockerfile/finding.ts";
import { isSetBefore, lastBefore } from "./history.ts";
import type { LintFile, LintLine } from "./lint-file.ts";

/** A script for ShellCheck, without the line that names its shell. */
export interface ShellScript {
  readonly dialect: "sh" | "dash" | "bash" | "ksh";
  readonly text: string;
  /** Names in it that are set outside. */
  readonly variables: readonly string[];
}

/** What ShellCheck says about a script; lines and columns from 1, columns in characters. */
export interface ShellComment {
  readonly script: number;
  readonly code: number;
  readonly level: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** Runs ShellCheck over scripts, all in one process; nothing where it takes too long. */
export type ShellCheck = (scripts: readonly ShellScript[]) => Promise<readonly ShellComment[] | undefined>;

/** What one run of ShellCheck may take. */
export interface ShellCheckLimits {
  /** How long it may run, in milliseconds. */
  readonly time: number;
  /** How much shell text it is given, in characters; scripts beyond it are left out. */
  readonly size: number;
}

const LIMITS: ShellCheckLimits = { time: 30_000, size: 500_000 };

/** Lines before the script's own. */
const HEAD = 2;
/** Files it cannot follow, and variables that the base may set. */
const EXCLUDED = "SC1090,SC1091,SC2154";
const SEVERITIES: Readonly<Record<string, Severity>> = { error: "error", warning: "warning" };
const DIALECTS: Readonly<Record<string, ShellScript["dialect"]>> = {
  sh: "sh",
  dash: "dash",
  bash: "bash",
  ksh: "ksh",
  ash: "dash",
};

/**
 * ShellCheck of this machine; nothing where it is not installed. `say` is told once when text was left out; the program is
 * ended with ours, and when `signal` says so.
 * @see https://www.shellcheck.net
 */
export async function findShellCheck(
  signal?: AbortSignal,
  say: (text: string) => void = () => {},
  limits: ShellCheckLimits = LIMITS,
): Promise<ShellCheck | undefined> {
  const { exitCode } = await execa("shellcheck", ["--version"], { reject: false, stdin: "ignore" });
  if (exitCode !== 0) return undefined;
  return async (given) => {
    const scripts = withinSize(given, limits.size);
    if (scripts.length < given.length) {
      say(
        `ShellCheck was given ${scripts.length} of ${given.length} RUNs: the others are more than ${limits.size} characters`,
      );
    }
    if (scripts.length === 0) return [];
    const comments = await check(scripts, limits.time, signal);
    if (comments === undefined)
      say(`ShellCheck was ended after ${limits.time / 1000} s; the text of RUN is not looked at by it`);
    return comments;
  };
}

async function check(
  scripts: readonly ShellScript[],
  timeout: number,
  signal: AbortSignal | undefined,
): Promise<readonly ShellComment[] | undefined> {
  const folder = await mkdtemp(join(tmpdir(), "base-image-shellcheck-"));
  try {
    const names = await Promise.all(scripts.map((script, index) => writeScript(folder, script, index)));
    const args = ["--norc", "--format=json1", `--exclude=${EXCLUDED}`, ...names];
    const options = { cwd: folder, reject: false, stdin: "ignore", env: { SHELLCHECK_OPTS: "" }, timeout } as const;
    const ran = await execa("shellcheck", args, signal === undefined ? options : { ...options, cancelSignal: signal });
    if (ran.timedOut) return undefined;
    signal?.throwIfAborted();
    // 1 is what it ends with when it has something to say
    if (ran.exitCode !== 0 && ran.exitCode !== 1) throw new Error(`shellcheck failed: ${ran.stderr || ran.stdout}`);
    return readComments(ran.stdout);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The first scripts that are not longer than this together. */
function withinSize(scripts: readonly ShellScript[], size: number): readonly ShellScript[] {
  let sum = 0;
  const beyond = scripts.findIndex(({ text }) => (sum += text.length) > size);
  return beyond === -1 ? scripts : scripts.slice(0, beyond);
}

/** What ShellCheck says about the RUNs of a file, each where it stands there. */
export async function shellFindings(file: LintFile, shellcheck: ShellCheck): Promise<readonly Finding[]> {
  const lines = file.stages.flatMap((stage) => stage.lines);
  const runs = lines.flatMap((line) => {
    const script = scriptOf(line);
    return script === undefined ? [] : [{ line, script }];
  });
  const comments = await shellcheck(runs.map(({ script }) => script));
  return (comments ?? []).flatMap((comment) => {
    const run = runs[comment.script];
    if (run === undefined) return [];
    const code = `SC${comment.code}`;
    const point = run.line.shell.pointAt(offsetOf(run.script.text, comment));
    const severity = SEVERITIES[comment.level] ?? "info";
    const hint = `See https://www.shellcheck.net/wiki/${code}`;
    return [{ code, kind: "lint" as const, severity, ...point, message: comment.message, hint }];
  });
}

/** The script of a RUN for ShellCheck; nothing for a program, or a shell that ShellCheck does not know. */
export function scriptOf(line: LintLine): ShellScript | undefined {
  const { form, text } = line.shell;
  if (line.name !== "RUN" || (form !== "shell" && form !== "script") || text.trim() === "") return undefined;
  const dialect = dialectOf(line);
  if (dialect === undefined) return undefined;
  const names = new Set([...text.matchAll(/[A-Za-z_]\w*/g)].map(([name]) => name));
  return { dialect, text, variables: [...names].filter((name) => isSetBefore(line, name)) };
}

function dialectOf(line: LintLine): ShellScript["dialect"] | undefined {
  const shell = lastBefore(line, "SHELL")?.words[0]?.text;
  if (shell !== undefined) return DIALECTS[shell.replace(/^.*\//, "")];
  return line.stage.official?.packages === "apt" ? "dash" : "sh";
}

async function writeScript(folder: string, { dialect, text, variables }: ShellScript, index: number): Promise<string> {
  const declared = variables.length === 0 ? "true" : `export ${variables.join(" ")}`;
  const name = `${index}.sh`;
  await writeFile(join(folder, name), `# shellcheck shell=${dialect}\n${declared}\n${text}\n`);
  return name;
}

interface Reported {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly level: string;
  readonly code: number;
  readonly message: string;
}

function readComments(output: string): readonly ShellComment[] {
  const { comments }: { readonly comments: readonly Reported[] } = JSON.parse(output);
  return comments.map(({ file, line, column, level, code, message }) => ({
    script: Number.parseInt(file, 10),
    code,
    level,
    line: Math.max(1, line - HEAD),
    column,
    message,
  }));
}

/** Columns count characters, offsets the units of a string. */
function offsetOf(text: string, { line, column }: ShellComment): number {
  const lines = text.split("\n");
  const before = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0);
  return (
    before +
    Array.from(lines[line - 1] ?? "")
      .slice(0, column - 1)
      .join("").length
  );
}
