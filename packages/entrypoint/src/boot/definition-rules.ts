import { basename } from "node:path";

import type { Definition } from "./definition.ts";
import { ECS_LIMITS } from "./ecs-limits.ts";
import { STOP_SECONDS } from "./stop-seconds.ts";

/** A definition as it stands in its file, known to be valid. */
export interface Written {
  readonly tasks?: readonly WrittenPart[];
  readonly processes?: Readonly<Record<string, WrittenPart>>;
}

type WrittenPart = Readonly<Record<string, unknown>>;

interface Place {
  readonly definition: Definition;
  readonly written: Written;
}

interface Found {
  readonly path: string;
  readonly message: string;
}

/** Something that is allowed and seldom meant. */
export interface DefinitionRule {
  readonly id: string;
  readonly severity: "error" | "warning";
  readonly hint: string;
  readonly find: (place: Place) => readonly Found[];
}

/** Every trap that is looked for in a definition. */
export const DEFINITION_RULES: readonly DefinitionRule[] = [
  {
    id: "one-word-command",
    severity: "error",
    hint: 'Write each word as one of the list: ["bin/rails", "db:migrate"].',
    find: ({ written }) =>
      commandsIn(written).flatMap(({ path, words: [first = "", ...rest] }) =>
        rest.length === 0 && /\s/.test(first)
          ? [{ path, message: `${JSON.stringify(first)} is one word, and there is no program of that name` }]
          : [],
      ),
  },
  {
    id: "no-shell",
    severity: "warning",
    hint: 'Write it as ["sh", "-c", "..."], with the whole script in the last word.',
    find: ({ written }) =>
      commandsIn(written).flatMap(({ path, words }) => {
        const found = isShell(words[0] ?? "") ? undefined : words.find((word) => SHELL_SYNTAX.test(word));
        return found === undefined
          ? []
          : [{ path, message: `no shell runs this, so ${JSON.stringify(found)} is plain text` }];
      }),
  },
  {
    id: "plain-password",
    severity: "warning",
    hint: "Put the whole address into a variable of the container, and ${NAME} into the definition.",
    find: ({ written }) =>
      stringsIn(written.tasks ?? [], "tasks").flatMap(({ path, text }) =>
        hasPlainPassword(text) ? [{ path, message: "everybody who has the image can read this password" }] : [],
      ),
  },
  {
    id: "file-election",
    severity: "warning",
    hint: "Name the database or a bucket.",
    find: ({ written }) =>
      tasksIn(written).flatMap(({ path, task: { election } }) =>
        typeof election === "string" && election.startsWith("file:")
          ? [{ path: `${path}.election`, message: "containers on ECS share no disk, so each of them elects itself" }]
          : [],
      ),
  },
  {
    id: "background-everywhere",
    severity: "warning",
    hint: "Give it an election.",
    find: ({ written }) =>
      tasksIn(written).flatMap(({ path, task: { background, election } }) =>
        background === true && election === undefined
          ? [{ path, message: "without an election every container runs this beside its app" }]
          : [],
      ),
  },
  {
    id: "assets-after-migrate",
    severity: "warning",
    hint: "List verify-assets before migrate.",
    find: ({ definition: { tasks } }) => {
      const migrate = tasks.findIndex(({ task }) => task === "migrate");
      const verify = tasks.findLastIndex(({ task }) => task === "verify-assets");
      if (migrate === -1 || verify < migrate) return [];
      return [{ path: "tasks", message: "a release whose assets are missing has migrated when that is found out" }];
    },
  },
  {
    id: "budget-below-deadline",
    severity: "warning",
    hint: "Raise the budget, or shorten the deadline.",
    find: ({ definition: { budgetMs, tasks } }) =>
      tasks.flatMap(({ task, name, deadlineMs, ...rest }) => {
        const beside = "background" in rest && rest.background !== undefined;
        if (budgetMs === undefined || beside || deadlineMs <= budgetMs) return [];
        const seconds = `${String(deadlineMs / 1000)} s`;
        return [{ path: "budget", message: `${name ?? task} never has its deadline of ${seconds}` }];
      }),
  },
  {
    id: "grace-beyond-ecs",
    severity: "warning",
    hint: `Keep grace below the container's stopTimeout: ${String(STOP_SECONDS)} s by default, at most ${String(ECS_LIMITS.stopTimeout.most)} s on Fargate.`,
    find: ({ definition: { processes } }) => {
      const seconds = (processes?.graceMs ?? 0) / 1000;
      if (seconds < STOP_SECONDS) return [];
      return [{ path: "grace", message: `ECS kills the container before ${String(seconds)} s are over` }];
    },
  },
];

const SHELLS: ReadonlySet<string> = new Set(["sh", "ash", "bash", "dash", "zsh"]);

function isShell(program: string): boolean {
  return SHELLS.has(basename(program));
}

/** Operators as a word, globs, and what only a shell puts something in for; `${NAME}` is the definition's own. */
const SHELL_SYNTAX = /^(?:&&|\|\|?|;|[0-9]?[<>].*|&)$|[*?]|(?<!\$)\$(?:\(|[A-Za-z_])|`|^~\//;

function hasPlainPassword(text: string): boolean {
  const [, password = ""] = /^[a-z][a-z0-9+.-]*:\/\/[^/?#@\s]*?:([^\s]*)@/i.exec(text) ?? [];
  return password.replaceAll(/\$\{[^}]*\}/g, "") !== "";
}

function tasksIn({ tasks = [] }: Written): readonly { readonly path: string; readonly task: WrittenPart }[] {
  return tasks.map((task, index) => ({ path: `tasks[${String(index)}]`, task }));
}

interface WrittenCommand {
  readonly path: string;
  readonly words: readonly string[];
}

/** The commands of tasks, their checks, and processes. */
function commandsIn(written: Written): readonly WrittenCommand[] {
  const tasks = tasksIn(written).flatMap(({ path, task }) =>
    ["run", "check"].map((key) => ({ path: `${path}.${key}`, words: task[key] })),
  );
  const processes = Object.entries(written.processes ?? {}).map(([name, { run }]) => ({
    path: `processes.${name}.run`,
    words: run,
  }));
  return [...tasks, ...processes].flatMap(({ path, words }) =>
    Array.isArray(words) ? [{ path, words: words.map(String) }] : [],
  );
}

/** Every text in a value, with where it stands. */
function stringsIn(value: unknown, path: string): readonly { readonly path: string; readonly text: string }[] {
  if (typeof value === "string") return [{ path, text: value }];
  if (Array.isArray(value)) return value.flatMap((one: unknown, index) => stringsIn(one, `${path}[${String(index)}]`));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) => stringsIn(one, `${path}.${key}`));
}
