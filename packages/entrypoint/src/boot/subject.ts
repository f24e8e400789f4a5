import { electionName } from "../election/open-store.ts";
import { openProbe } from "../task/probe/probe.ts";
import { isReference } from "../task/secrets/reference.ts";
import type { Task } from "./read-task.ts";

/** What is worth knowing of a task beside its subject. */
export function detailsOf(task: Task): string {
  const after = task.after.length === 0 ? "" : `, after ${task.after.join(", ")}`;
  const limit = `deadline ${String(task.deadlineMs / 1000)} s`;
  if ((task.task !== "migrate" && task.task !== "run") || task.election === undefined) return `${limit}${after}`;
  if (task.task === "migrate" && task.mode === "wait") return `waits until others have run it, ${limit}${after}`;
  const where = isReference(task.election) ? `what ${task.election} names` : electionName(task.election);
  const every = task.task === "run" ? task.everyMs : undefined;
  const often = every === undefined ? "once per release" : `once in ${String(every / 1000)} s`;
  return `${often} by ${where}, ${limit}, ${String(task.tries)} tries${after}`;
}

/** What a task is about, without secrets: an address, a command, a file. */
export function subjectOf(task: Task): string {
  switch (task.task) {
    case "wait-for":
      return isReference(task.url) ? `what ${task.url} names` : openProbe(task.url).address;
    case "verify-assets":
      return task.receipt;
    case "render":
      return task.to;
    case "migrate":
    case "run":
      break;
  }
  return task.shown;
}
