import { chmodSync, chownSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

import { encodeText } from "../entrykit/bytes.ts";
import { readText } from "../entrykit/template/files.ts";
import { TemplateError } from "../entrykit/template/position.ts";
import { renderTemplate } from "../entrykit/template/render-template.ts";
import { EntrypointError, messageOf } from "../errors.ts";
import { openDeadline } from "../process/patience.ts";
import { isEndless, NOT_REGULAR } from "../process/regular-file.ts";
import { deadlineError, runToEnd } from "./command-task.ts";
import type { TaskContext } from "./context.ts";
import { findOwner } from "./owner.ts";

/** Writes a file from a template. */
export interface RenderTask {
  readonly task: "render";
  readonly template: string;
  readonly to: string;
  /** The permissions of the file, e.g. 0o640. */
  readonly mode: number;
  /** `USER` or `USER:GROUP`, names or numbers; this process' own when not given. */
  readonly owner: string | undefined;
  /** A command that has to accept the new file before it takes its place; `{}` in a word is the file. */
  readonly check: readonly string[];
  readonly deadlineMs: number;
}

/**
 * Renders the template and puts the file in its place in one step, once its mode, its owner and the check are right. Whoever reads
 * it sees the old file or the new one.
 * @throws EntrypointError `ENTRYPOINT_TEMPLATE_INVALID` for a template that is wrong or a variable that is not set,
 * `ENTRYPOINT_RENDER_FAILED`, `ENTRYPOINT_TASK_DEADLINE`; the desk's error when stopped
 */
export async function render(task: RenderTask, context: TaskContext): Promise<string> {
  const bytes = encodeText(renderText(task.template, context.env));
  const target = behindLink(task.to);
  attempt(task.to, () => {
    // Whatever has it open would be left with what no other can reach.
    if (isEndless(target)) throw new Error(NOT_REGULAR);
  });
  const beside = join(dirname(target), `.${basename(target)}.${String(process.pid)}.new`);
  try {
    attempt(task.to, () => {
      // Nobody else may read it before it has its owner.
      writeFileSync(beside, bytes, { mode: 0o600, flush: true });
      if (task.owner !== undefined) chownSync(beside, ...findOwner(task.owner));
      chmodSync(beside, task.mode);
    });
    await check(task, beside, context);
    const same = contentOf(target)?.equals(bytes) === true;
    attempt(task.to, () => renameSync(beside, target));
    return same ? "as it was" : `written, ${String(bytes.length)} bytes`;
  } finally {
    rmSync(beside, { force: true });
  }
}

function renderText(template: string, env: NodeJS.ProcessEnv): string {
  try {
    return renderTemplate(template, textOf(template), { env, strict: true });
  } catch (cause) {
    if (!(cause instanceof TemplateError)) throw cause;
    throw new EntrypointError("ENTRYPOINT_TEMPLATE_INVALID", { message: cause.message, cause });
  }
}

function textOf(template: string): string {
  try {
    return readText(template);
  } catch (cause) {
    const message = `template: ${template}: ${messageOf(cause)}`;
    throw new EntrypointError("ENTRYPOINT_TEMPLATE_INVALID", { message, cause });
  }
}

async function check({ check: words, to, deadlineMs }: RenderTask, file: string, context: TaskContext): Promise<void> {
  if (words.length === 0) return;
  using deadline = openDeadline(deadlineMs, context.desk.stopped);
  const argv = words.map((word) => word.replaceAll("{}", file));
  const { exitCode } = await runToEnd({ argv, env: context.env, stop: deadline.signal }, context);
  if (deadline.expired()) throw deadlineError(words.join(" "), deadlineMs);
  if (exitCode === 0) return;
  throw new EntrypointError("ENTRYPOINT_RENDER_FAILED", {
    message: `${to} is left as it was: ${words.join(" ")} ended with ${String(exitCode)}`,
    hint: "Read the check's output above the message, and mend the template or a variable.",
  });
}

function attempt(file: string, work: () => void): void {
  try {
    work();
  } catch (cause) {
    if (cause instanceof EntrypointError) throw cause;
    throw new EntrypointError("ENTRYPOINT_RENDER_FAILED", { message: `${file}: ${messageOf(cause)}`, cause });
  }
}

function contentOf(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

/** The file that a link leads to, so that the link stays. */
function behindLink(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
