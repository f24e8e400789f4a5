import { hasFlag, isCall, operandsOf, programOf } from "../command-words.ts";
import { at, atCommand, inCommands, inLines, inStages, type Rule } from "../rule.ts";
import { shellOf } from "../history.ts";
import type { ShellCommand } from "../shell-command.ts";

const FROM = "FROM debian:trixie-slim\n";
const DIGEST = `@sha256:${"0f".repeat(32)}`;
const NO_EFFECT = new Set(["cd", "export", "source", ".", "alias", "umask", "set", "unset", "ulimit"]);

/** Rules about the text that a RUN hands to a shell. */
export const SHELL_RULES: readonly Rule[] = [
  {
    code: "run-without-effect",
    kind: "lint",
    severity: "error",
    title: "A RUN that leaves nothing behind",
    reason: "Each RUN is a shell of its own: the folder and the variables it sets end with it.",
    remedy: "Use WORKDIR for the folder and ENV for variables.",
    link: "https://docs.docker.com/reference/dockerfile/#workdir",
    also: ["DL3003"],
    bad: { text: `${FROM}RUN cd /app\n`, line: 2 },
    good: `${FROM}WORKDIR /app\n`,
    find: inLines(["RUN"], (line) => {
      const { commands } = line.shell;
      const written = commands.some(({ redirections }) => redirections.length > 0);
      if (commands.length === 0 || written || !commands.every((command) => isIdle(command))) return undefined;
      return { ...atCommand(line, commands[0] ?? NOTHING), message: "this ends with the RUN" };
    }),
  },
  {
    code: "cd-instead-of-workdir",
    kind: "lint",
    severity: "warning",
    title: "cd where WORKDIR is meant",
    reason: "A RUN that begins with cd hides where it works; the next one is somewhere else again.",
    remedy: "Put WORKDIR above the RUN.",
    link: "https://docs.docker.com/build/building/best-practices/#workdir",
    also: ["DL3003"],
    bad: { text: `${FROM}RUN cd /app && make install\n`, line: 2 },
    good: `${FROM}WORKDIR /app\nRUN make install\n`,
    find: inLines(["RUN"], (line) => {
      const [first, ...rest] = line.shell.commands;
      const target = first?.words[1]?.value ?? "";
      if (first === undefined || programOf(first) !== "cd" || first.depth > 0 || !target.startsWith("/"))
        return undefined;
      // somewhere to work for a moment: made, used and left in one RUN
      if (rest.length === 0 || rest.some((other) => ["cd", "rm"].includes(programOf(other)))) return undefined;
      return { ...atCommand(line, first), message: `the whole RUN works in ${target}` };
    }),
  },
  {
    code: "script-without-errexit",
    kind: "lint",
    severity: "warning",
    title: "A heredoc that goes on after a failure",
    reason: "A heredoc is a script: without `set -e` only its last line decides whether the RUN failed.",
    remedy: "Begin it with set -e, or set SHELL with -e.",
    link: "https://docs.docker.com/reference/dockerfile/#shell-and-exec-form",
    also: [],
    bad: { text: `${FROM}RUN <<EOF\nmake\nmake install\nEOF\n\n`, line: 3 },
    good: `${FROM}RUN <<EOF\nset -e\nmake\nmake install\nEOF\n\n`,
    find: inLines(["RUN"], (line) => {
      const [first, ...rest] = line.shell.commands;
      if (line.shell.form !== "script" || first === undefined || !rest.some(({ before }) => before === ";"))
        return undefined;
      if (setsErrexit(first) || /^-[a-z]*e/.test(shellOf(line).slice(1).join(" "))) return undefined;
      return { ...atCommand(line, first), message: "a command that fails does not end this script" };
    }),
  },
  {
    code: "comment-swallows-rest",
    kind: "lint",
    severity: "error",
    title: "A comment that swallows the rest of a RUN",
    reason: "Continued lines are one line to the shell: behind a # everything to the end of the RUN is comment.",
    remedy: "Put the comment on a line of its own: BuildKit takes those out.",
    link: "https://docs.docker.com/reference/dockerfile/#format",
    also: [],
    bad: { text: `${FROM}RUN make && \\\n  true # then \\\n  && make install\n`, line: 3 },
    good: `${FROM}RUN make && \\\n  # then\n  make install\n`,
    find: inLines(["RUN"], (line) => {
      const [offset] = line.shell.comments;
      if (line.shell.form !== "shell" || offset === undefined) return undefined;
      const point = line.shell.pointAt(offset);
      if (point.line >= line.place.endLine) return undefined;
      return { ...point, message: "the lines below are part of this comment" };
    }),
  },
  {
    code: "background-in-run",
    kind: "lint",
    severity: "warning",
    title: "A program started in the background of a build",
    reason: "It ends with the RUN: a container has only what CMD or ENTRYPOINT starts.",
    remedy: "Start it from the entry point, or wait for it in the same RUN.",
    link: "https://docs.docker.com/engine/containers/multi-service_container/",
    also: [],
    bad: { text: `${FROM}RUN memcached -d 11211 &\n`, line: 2 },
    good: `${FROM}RUN memcached -d 11211 & wait\n`,
    find: inCommands((command, line) => {
      if (command.after !== "&" || line.shell.commands.at(-1) !== command) return undefined;
      return `${programOf(command)} ends with the RUN`;
    }),
  },
  {
    code: "service-in-run",
    kind: "lint",
    severity: "warning",
    title: "A service started in a build",
    reason: "Processes are not part of an image; in the container nothing of it runs.",
    remedy: "Start it with CMD or from the entry point.",
    link: "https://github.com/hadolint/hadolint/wiki/DL3001",
    also: ["DL3001"],
    bad: { text: `${FROM}RUN service nginx start\n`, line: 2 },
    good: `${FROM}USER www-data\nCMD ["nginx", "-g", "daemon off;"]\n`,
    find: inLines(["RUN"], (line) => {
      const { commands } = line.shell;
      const found = commands.find((command) =>
        /^(?:service|systemctl|shutdown|reboot|top|ifconfig)$/.test(programOf(command)),
      );
      // started, used and left to end within one RUN
      if (found === undefined || commands.length > 1) return undefined;
      return { ...atCommand(line, found), message: `${programOf(found)} has no meaning in a build` };
    }),
  },
  {
    code: "shell-link-replaced",
    kind: "lint",
    severity: "warning",
    title: "/bin/sh made into another shell",
    reason: "Scripts of packages are written for the system's own /bin/sh.",
    remedy: 'Use SHELL ["/bin/bash", "-c"].',
    link: "https://github.com/hadolint/hadolint/wiki/DL4005",
    also: ["DL4005"],
    bad: { text: `${FROM}RUN ln -sf /bin/bash /bin/sh\n`, line: 2 },
    good: `${FROM}SHELL ["/bin/bash", "-c"]\nRUN shopt\n`,
    find: inCommands((command) =>
      programOf(command) === "ln" && operandsOf(command).at(-1)?.value === "/bin/sh"
        ? "/bin/sh becomes another shell for everything"
        : undefined,
    ),
  },
  {
    code: "run-consecutive",
    kind: "lint",
    severity: "info",
    pedantic: true,
    title: "RUN after RUN",
    reason: "Each is a layer; what one of them deletes stays in the one before. Apart, though, they are cached apart.",
    remedy: "Join them with && where they change together.",
    link: "https://github.com/hadolint/hadolint/wiki/DL3059",
    also: ["DL3059"],
    bad: { text: `FROM debian:trixie-slim${DIGEST}\nRUN make\nRUN make install\nHEALTHCHECK NONE\n`, line: 3 },
    good: `FROM debian:trixie-slim${DIGEST}\nRUN make && make install\nHEALTHCHECK NONE\n`,
    find: inStages(({ lines }) =>
      lines.flatMap((line, index) => {
        const before = lines[index - 1];
        if (line.name !== "RUN" || before?.name !== "RUN" || line.flags.length > 0 || before.flags.length > 0)
          return [];
        return line.comments.length > 0 ? [] : [{ ...at(line), message: "this could be part of the RUN above" }];
      }),
    ),
  },
];

const NOTHING: ShellCommand = {
  words: [],
  assignments: [],
  redirections: [],
  before: "start",
  after: "start",
  depth: 0,
};

function isIdle(command: ShellCommand): boolean {
  return command.words.length === 0 || NO_EFFECT.has(programOf(command));
}

function setsErrexit(command: ShellCommand): boolean {
  return isCall(command, ["set"], ["errexit"]) || (programOf(command) === "set" && hasFlag(command, "-e"));
}
