import type { Task } from "./read-task.ts";
import { describe, invalid } from "./read-value.ts";
import { suggest } from "./spelling.ts";

/** The tasks that a word of `after` means: the one of that name, otherwise all of that kind. */
export function tasksCalled(word: string, tasks: readonly Task[]): readonly Task[] {
  const named = tasks.filter(({ name }) => name === word);
  return named.length > 0 ? named : tasks.filter(({ task }) => task === word);
}

/**
 * The tasks in an order in which each comes after those it names, and otherwise as they are listed. `list` is what messages call
 * the list.
 * @throws EntrypointError `ENTRYPOINT_DEFINITION_INVALID` for a name that no task has, and for tasks that wait for each other
 */
export function orderTasks(tasks: readonly Task[], list = "tasks"): readonly Task[] {
  const before = new Map(tasks.map((task, index) => [task, earlier(task, `${list}[${String(index)}]`, tasks)]));
  const ordered: Task[] = [];
  while (ordered.length < tasks.length) {
    const next = tasks.find(
      (task) => !ordered.includes(task) && before.get(task)?.every((other) => ordered.includes(other)) === true,
    );
    if (next === undefined) throw circle(tasks, list, before, ordered);
    ordered.push(next);
  }
  return ordered;
}

function earlier(task: Task, own: string, tasks: readonly Task[]): readonly Task[] {
  return task.after.flatMap((word, at) => {
    const path = `${own}.after[${String(at)}]`;
    const called = tasksCalled(word, tasks);
    if (called.length === 0) {
      const names = tasks.map((other) => other.name ?? other.task);
      throw invalid(path, `there is no task ${describe(word)} here: ${suggest(word, [...new Set(names)])}`);
    }
    if (called.includes(task)) throw invalid(path, `${describe(word)} is this task itself`);
    if (!isBackground(task) && called.some(isBackground)) {
      throw invalid(path, `${describe(word)} is in the background, which begins when the app has begun`);
    }
    return called;
  });
}

/** Whether a task is carried out beside the app. */
export function isBackground(task: Task): boolean {
  return task.task === "run" && task.background !== undefined;
}

/** What is left over waits for something that is left over: following that leads into a circle. */
function circle(
  tasks: readonly Task[],
  list: string,
  before: ReadonlyMap<Task, readonly Task[]>,
  ordered: readonly Task[],
): Error {
  const way: Task[] = [];
  let at = tasks.find((task) => !ordered.includes(task));
  while (at !== undefined && !way.includes(at)) {
    way.push(at);
    at = before.get(at)?.find((other) => !ordered.includes(other));
  }
  const round = at === undefined ? way : way.slice(way.indexOf(at));
  const [first] = round;
  if (first === undefined) throw new Error("tasks are left over and none of them waits");
  const names = [...round, first].map((task) => `${list}[${String(tasks.indexOf(task))}]`);
  return invalid(`${names[0] ?? ""}.after`, `these wait for each other: ${names.join(" after ")}`);
}
