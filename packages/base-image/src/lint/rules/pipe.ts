import { hasFlag, programOf } from "../command-words.ts";
import type { LintLine } from "../lint-file.ts";
import { atCommand, inCommands, inLines, type Hit, type Rule } from "../rule.ts";
import type { ShellCommand } from "../shell-command.ts";
import { shellOf } from "../history.ts";

const FROM = "FROM debian:trixie-slim\n";
const SHELLS = new Set(["sh", "bash", "dash", "ash", "zsh"]);
/** Programs whose failure would be missed when another stands behind the pipe. */
const SOURCES = /^(?:curl|wget|git|aws|gh|bundle|rails|rake|npm|npx|yarn|pnpm|apt-get|gem)$/;
/** Programs that fail on what is cut off or is not what they wait for. */
const JUDGES = /^(?:grep|egrep|fgrep|tar|unzip|bsdtar|gunzip|xz|zstd|gpg|sha\d*sum|b2sum|md5sum|cmp|diff|jq|true)$/;

/** Rules about downloads and pipes in a RUN. */
export const PIPE_RULES: readonly Rule[] = [
  {
    code: "pipe-hides-failure",
    kind: "lint",
    severity: "warning",
    title: "A pipe that hides a failure",
    reason: "A pipe ends as its last program does: when the first one fails, the build goes on with half of it.",
    remedy: 'Put SHELL ["/bin/bash", "-o", "pipefail", "-c"] above, or write to a file first.',
    link: "https://docs.docker.com/build/building/best-practices/#using-pipes",
    also: ["DL4006"],
    bad: { text: `${FROM}RUN curl -f https://example.com/list | sort > /etc/list\n`, line: 2 },
    good: `${FROM}SHELL ["/bin/bash", "-o", "pipefail", "-c"]\nRUN curl -f https://example.com/list | sort > /etc/list\n`,
    find: inLines(["RUN"], (line) => pipelinesOf(line).flatMap((pipeline) => hiddenIn(pipeline, line))),
  },
  {
    code: "pipe-to-shell",
    kind: "lint",
    severity: "warning",
    title: "A script run as it comes from the network",
    reason: "Whoever changes the address changes the image, as root; a connection that breaks runs half a script.",
    remedy: "Download it, compare its checksum, then run it; or copy the program from an image.",
    link: "https://docs.docker.com/reference/dockerfile/#add---checksum",
    also: [],
    bad: {
      text: `${FROM}SHELL ["/bin/bash", "-o", "pipefail", "-c"]\nRUN curl -fsS https://example.com/setup | bash\n`,
      line: 3,
    },
    good: `${FROM}ADD --checksum=sha256:${"0f".repeat(32)} https://example.com/setup /tmp/\nRUN sh /tmp/setup\n`,
    find: inLines(["RUN"], (line) =>
      pipelinesOf(line).flatMap(([first, ...rest]) => {
        const shell = rest.find((command) => SHELLS.has(programOf(command)));
        if (first === undefined || shell === undefined || !/^(?:curl|wget)$/.test(programOf(first))) return [];
        return [{ ...atCommand(line, first), message: `${programOf(shell)} runs what the network gives it` }];
      }),
    ),
  },
  {
    code: "curl-without-fail",
    kind: "lint",
    severity: "warning",
    title: "curl that saves the page of an error",
    reason: "Without --fail curl is content with a 404, and the file holds the server's words.",
    remedy: "Add --fail (-f).",
    link: "https://curl.se/docs/manpage.html#-f",
    also: [],
    bad: { text: `${FROM}RUN curl -sSLo /usr/local/bin/tool https://example.com/tool\n`, line: 2 },
    good: `${FROM}RUN curl -fsSLo /usr/local/bin/tool https://example.com/tool\n`,
    find: inCommands((command) => {
      if (programOf(command) !== "curl" || hasFlag(command, "-f", "--fail", "--fail-with-body", "--fail-early")) {
        return undefined;
      }
      const saves = hasFlag(command, "-o", "-O", "--output", "--remote-name");
      const redirected = command.redirections.some(
        ({ operator, target }) => operator === ">" && target !== "/dev/null",
      );
      return saves || redirected ? "a failed request is saved as if it were the file" : undefined;
    }),
  },
];

/** The commands that pipes join, each list of two or more. */
function pipelinesOf(line: LintLine): readonly (readonly ShellCommand[])[] {
  const pipelines: ShellCommand[][] = [];
  for (const command of line.shell.commands) {
    if (command.before === "|") pipelines.at(-1)?.push(command);
    else pipelines.push([command]);
  }
  return pipelines.filter(({ length }) => length > 1);
}

function hiddenIn(pipeline: readonly ShellCommand[], line: LintLine): readonly Hit[] {
  const source = pipeline.slice(0, -1).find((command) => SOURCES.test(programOf(command)));
  const end = pipeline.at(-1);
  const last = end === undefined ? "" : programOf(end);
  if (source === undefined || JUDGES.test(last) || isPipefail(line)) return [];
  return [{ ...atCommand(line, source), message: `${last} succeeds when ${programOf(source)} fails` }];
}

function isPipefail(line: LintLine): boolean {
  if (shellOf(line).includes("pipefail")) return true;
  return line.shell.commands.some(
    ({ words }) => words[0]?.value === "set" && words.some(({ value }) => value === "pipefail"),
  );
}
