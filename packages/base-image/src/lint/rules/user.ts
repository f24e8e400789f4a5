import { lastBefore } from "../history.ts";
import { hasFlag, isCall, operandsOf, programOf } from "../command-words.ts";
import type { LintLine, LintStage } from "../lint-file.ts";
import { at, inCommands, inStages, type Rule } from "../rule.ts";

const INSTALLERS = ["apt-get", "apt", "apk", "dnf", "yum", "microdnf", "zypper"];

/** Rules about who a container runs as. */
export const USER_RULES: readonly Rule[] = [
  {
    code: "final-user-root",
    kind: "lint",
    severity: "warning",
    title: "The image runs as root",
    reason: "Whoever breaks into the process is root in the container, and one fault of the kernel away from the host.",
    remedy: "End with USER and a user of its own, best by number: USER 1000:1000.",
    link: "https://docs.docker.com/build/building/best-practices/#user",
    also: ["DL3002"],
    bad: { text: "FROM ruby:3.4-slim-trixie\nUSER root\n", line: 2 },
    good: "FROM ruby:3.4-slim-trixie\nUSER 1000:1000\n",
    find: inStages((stage) => {
      const last = lastUser(stage);
      if (!stage.final || last === undefined || !isRoot(last) || startsThroughScript(stage)) return undefined;
      return { ...at(last), message: `the last USER is ${last.words[0]?.text ?? ""}` };
    }),
  },
  {
    code: "final-user-missing",
    kind: "lint",
    severity: "warning",
    title: "The image runs as root because nobody said otherwise",
    reason: "The base runs as root, and so does everything that is started in the container.",
    remedy: "Add USER with a user of its own, best by number: USER 1000:1000.",
    link: "https://docs.docker.com/build/building/best-practices/#user",
    also: [],
    bad: { text: 'FROM ruby:3.4-slim-trixie\nCMD ["bin/rails", "server"]\n', line: 2 },
    good: 'FROM ruby:3.4-slim-trixie\nUSER 1000:1000\nCMD ["bin/rails", "server"]\n',
    find: inStages((stage) => {
      const start = stage.chain.findLast(({ name }) => name === "CMD" || name === "ENTRYPOINT");
      if (!stage.final || stage.official === undefined || start === undefined) return undefined;
      if (lastUser(stage) !== undefined || startsThroughScript(stage)) return undefined;
      return { ...at(start), message: "this runs as root: no USER is set, and the base sets none" };
    }),
  },
  {
    code: "user-not-numeric",
    kind: "lint",
    severity: "info",
    pedantic: true,
    title: "A user by name",
    reason: "What starts the container cannot see that a name is not root; Kubernetes' runAsNonRoot refuses it.",
    remedy: "Write the numbers: USER 1000:1000.",
    link: "https://kubernetes.io/docs/tasks/configure-pod-container/security-context/",
    also: ["DL3066"],
    bad: { text: `FROM ruby:3.4-slim@sha256:${"0f".repeat(32)}\nUSER app\nHEALTHCHECK NONE\n`, line: 2 },
    good: `FROM ruby:3.4-slim@sha256:${"0f".repeat(32)}\nUSER 1000:1000\nHEALTHCHECK NONE\n`,
    find: inStages((stage) => {
      const last = lastUser(stage);
      const user = last?.words[0]?.text ?? "";
      if (!stage.final || last === undefined || isRoot(last) || /^\d|\$/.test(user)) return undefined;
      return { ...at(last, last.words[0]), message: `${user} is a name` };
    }),
  },
  {
    code: "install-as-user",
    kind: "lint",
    severity: "error",
    title: "Packages installed by a user who may not",
    reason: "Package managers write to the system; they fail for any user but root.",
    remedy: "Install above USER, or switch back: USER root.",
    link: "https://docs.docker.com/build/building/best-practices/#user",
    also: [],
    bad: { text: "FROM alpine:3.22\nUSER app\nRUN apk add --no-cache git\n", line: 3 },
    good: "FROM alpine:3.22\nRUN apk add --no-cache git\nUSER app\n",
    find: inCommands((command, line) => {
      const before = lastBefore(line, "USER");
      if (before === undefined || isRoot(before) || command.words.some(({ value }) => value === "sudo"))
        return undefined;
      if ((before.words[0]?.text ?? "").includes("$") || !isCall(command, INSTALLERS, ["install", "add", "update"])) {
        return undefined;
      }
      return `${programOf(command)} runs as ${before.words[0]?.text ?? ""}`;
    }),
  },
  {
    code: "sudo",
    kind: "lint",
    severity: "warning",
    title: "sudo in a RUN",
    reason: "A RUN is root, or the user of the USER before it; sudo brings a password prompt and another environment.",
    remedy: "Use USER to change who runs a command.",
    link: "https://github.com/hadolint/hadolint/wiki/DL3004",
    also: ["DL3004"],
    bad: { text: "FROM ruby:3.4-slim-trixie\nRUN sudo chmod 755 /app\n", line: 2 },
    good: "FROM ruby:3.4-slim-trixie\nUSER root\nRUN chmod 755 /app\nUSER 1000\n",
    find: inCommands(({ words: [first] }) => (first?.value === "sudo" ? "sudo runs where USER should" : undefined)),
  },
  {
    code: "useradd-high-uid",
    kind: "lint",
    severity: "warning",
    title: "A high user number without --no-log-init",
    reason:
      "useradd writes the record of last logins, a sparse file with a place for every number; as a layer it is not sparse.",
    remedy: "Add --no-log-init.",
    link: "https://docs.docker.com/build/building/best-practices/#user",
    also: ["DL3046"],
    bad: { text: "FROM ruby:3.4-slim-trixie\nRUN useradd --uid 1000000 app\n", line: 2 },
    good: "FROM ruby:3.4-slim-trixie\nRUN useradd --no-log-init --uid 1000000 app\n",
    find: inCommands((command) => {
      if (programOf(command) !== "useradd" || hasFlag(command, "-l", "--no-log-init")) return undefined;
      const words = command.words.map(({ value }) => value);
      const uid = words.find((_, index) => ["-u", "--uid"].includes(words[index - 1] ?? "")) ?? "";
      return /^\d{6,}$/.test(uid) ? `the user has the number ${uid}` : undefined;
    }),
  },
  {
    code: "world-writable",
    kind: "lint",
    severity: "warning",
    title: "Everybody may write",
    reason: "With mode 777 any process in the container can change the program it shares the container with.",
    remedy: "Give the files to the user who needs them: COPY --chown=…, install --owner=….",
    link: "https://docs.docker.com/reference/dockerfile/#copy---chown---chmod",
    also: [],
    bad: { text: "FROM ruby:3.4-slim-trixie\nRUN chmod -R 777 /app\n", line: 2 },
    good: "FROM ruby:3.4-slim-trixie\nRUN chmod 1777 /app/tmp\n",
    find: inCommands((command) => {
      if (programOf(command) !== "chmod") return undefined;
      const [mode] = operandsOf(command);
      return mode !== undefined && /^0?777$|^(?:a|o|ugo)\+[rx]*w/.test(mode.value)
        ? { message: `mode ${mode.value} lets everybody write`, word: mode }
        : undefined;
    }),
  },
];

function lastUser(stage: LintStage): LintLine | undefined {
  return stage.chain.findLast(({ name }) => name === "USER");
}

function isRoot({ words: [user] }: LintLine): boolean {
  return /^(?:root|0)(?::|$)/.test(user?.text ?? "");
}

/** A script as the entry point may step down by itself, as the official images' do. */
function startsThroughScript({ chain }: LintStage): boolean {
  const entrypoint = chain.findLast(({ name }) => name === "ENTRYPOINT");
  return entrypoint !== undefined && /entrypoint|\.sh\b|gosu|su-exec|setpriv/.test(textOf(entrypoint));
}

function textOf({ words }: LintLine): string {
  return words.map(({ text }) => text).join(" ");
}
