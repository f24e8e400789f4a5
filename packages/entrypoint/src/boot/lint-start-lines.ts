import { basename } from "node:path";

import { readStarts, type DockerfileStart, type StartLine } from "../entrykit/lint/dockerfile-starts.ts";
import type { Finding } from "../entrykit/lint/lint-dockerfile.ts";
import { INITS } from "../process/plan-hand-over.ts";

interface StartRule {
  readonly id: string;
  readonly severity: Finding["severity"];
  readonly message: string;
  readonly hint: string;
  /** The line it is about, when the start has the trap. */
  readonly find: (start: OwnStart) => StartLine | undefined;
}

/** A start whose ENTRYPOINT calls this program. */
interface OwnStart {
  readonly line: StartLine;
  readonly cmd: StartLine | undefined;
  readonly words: readonly string[];
  /** Where the program stands among the words. */
  readonly at: number;
}

const RULES: readonly StartRule[] = [
  {
    id: "shell-form",
    severity: "error",
    message: "ENTRYPOINT in shell form drops CMD and the words of docker run, and TERM reaches only the shell",
    hint: 'Write ENTRYPOINT ["tini", "--", "entrypoint", "run", "--"].',
    find: ({ line }) => (line.form === "shell" ? line : undefined),
  },
  {
    id: "missing-separator",
    severity: "error",
    message: "there is no -- at the end, so CMD and the words of docker run are taken for flags",
    hint: 'End ENTRYPOINT with "--".',
    find: ({ line, words, at }) =>
      line.form === "exec" && words[at + 1] === "run" && !words.slice(at).includes("--") ? line : undefined,
  },
  {
    id: "no-init",
    severity: "warning",
    message: "the program is PID 1: a signal is lost that comes before it listens, or before the app does",
    hint: 'Put "tini", "--" before it, or set initProcessEnabled on ECS.',
    find: ({ line, at }) => (line.form === "exec" && at === 0 ? line : undefined),
  },
  {
    id: "shell-command",
    severity: "warning",
    message:
      "CMD in shell form begins with a shell, so the mode is not told by what it starts, and TERM may reach only the shell",
    hint: 'Write CMD ["bundle", "exec", "sidekiq"], or name the mode with ENTRYPOINT_MODE and begin the script with exec.',
    find: ({ cmd }) => (cmd?.form === "shell" ? cmd : undefined),
  },
];

/** The traps in the ENTRYPOINT and CMD lines of a Dockerfile that call this program by its own name. */
export function lintStartLines(text: string): readonly Finding[] {
  return readStarts(text)
    .flatMap(ownStart)
    .flatMap((start) =>
      RULES.flatMap(({ id, severity, message, hint, find }) => {
        const line = find(start)?.line;
        return line === undefined ? [] : [{ code: `start/${id}`, severity, line, message, hint }];
      }),
    );
}

function ownStart({ entrypoint: line, cmd }: DockerfileStart): readonly OwnStart[] {
  if (line === undefined) return [];
  const words =
    line.form === "exec" ? line.words : (line.words[0] ?? "").split(/\s+/).filter((word) => word !== "exec");
  const at = words.findIndex((word) => basename(word) === "entrypoint");
  const before = words.slice(0, Math.max(0, at)).filter((word) => !word.startsWith("-"));
  return at === -1 || !before.every((word) => INITS.has(basename(word))) ? [] : [{ line, cmd, words, at }];
}
