import { lastBefore } from "../history.ts";
import type { LintLine } from "../lint-file.ts";
import { at, inLines, inStages, type Rule } from "../rule.ts";

const FROM = "FROM registry.example.com/base:1\n";
const STARTS = ["CMD", "ENTRYPOINT"];
const ONCE = ["CMD", "ENTRYPOINT", "HEALTHCHECK"];
const SHELLS = /(?:^|\/)(?:ba|da|a|z|k)?sh$|powershell|pwsh|cmd(?:\.exe)?$/i;

/** Rules about how a container starts. */
export const START_RULES: readonly Rule[] = [
  {
    code: "start-in-shell-form",
    kind: "lint",
    severity: "warning",
    title: "A container that starts through a shell",
    reason:
      "The shell is process 1 and keeps TERM to itself: a stop takes ten seconds, then kills the program in the middle of its work.",
    remedy:
      'Write the program\'s words as a list: CMD ["bin/rails", "server"]. Where a shell is needed, begin with exec.',
    link: "https://docs.docker.com/reference/build-checks/json-args-recommended/",
    also: ["JSONArgsRecommended", "DL3025"],
    bad: { text: `${FROM}CMD bin/rails server\n`, line: 2 },
    good: `${FROM}CMD ["bin/rails", "server"]\n`,
    find: inLines(STARTS, (line) => {
      if (line.json || line.shell.form !== "shell" || /^exec\s/.test(line.shell.text)) return undefined;
      if (lastBefore(line, "SHELL") !== undefined) return undefined;
      return { ...at(line), message: `${line.name} runs in a shell, which does not hand on signals` };
    }),
  },
  {
    code: "start-overwritten",
    kind: "lint",
    severity: "warning",
    title: "An instruction that a later one replaces",
    reason: "Of several CMD, ENTRYPOINT or HEALTHCHECK only the last one counts.",
    remedy: "Remove this one.",
    link: "https://docs.docker.com/reference/build-checks/multiple-instructions-disallowed/",
    also: ["MultipleInstructionsDisallowed", "DL3012", "DL4003", "DL4004"],
    bad: { text: `${FROM}CMD ["irb"]\nCMD ["bin/rails", "server"]\n`, line: 2 },
    good: `${FROM}CMD ["bin/rails", "server"]\n`,
    find: inStages(({ lines }) =>
      ONCE.flatMap((name) => lines.filter((line) => line.name === name).slice(0, -1)).map((line) => ({
        ...at(line),
        message: `a later ${line.name} of this stage replaces it`,
      })),
    ),
  },
  {
    code: "cmd-lost",
    kind: "lint",
    severity: "warning",
    title: "A CMD that ENTRYPOINT throws away",
    reason: "A stage that sets ENTRYPOINT forgets the CMD of the stage it is built on.",
    remedy: "Set CMD again below this ENTRYPOINT.",
    link: "https://docs.docker.com/reference/dockerfile/#understand-how-cmd-and-entrypoint-interact",
    also: [],
    bad: {
      text: `${FROM.trim()} AS base\nCMD ["bin/rails", "server"]\nFROM base\nENTRYPOINT ["tini", "--"]\n`,
      line: 4,
    },
    good: `${FROM.trim()} AS base\nFROM base\nENTRYPOINT ["tini", "--"]\nCMD ["bin/rails", "server"]\n`,
    find: inLines(["ENTRYPOINT"], (line, stage) => {
      const inherited = stage.base?.chain.some(({ name }) => name === "CMD") === true;
      if (!inherited || stage.lines.some(({ name }) => name === "CMD")) return undefined;
      return { ...at(line), message: "the CMD of the base is gone" };
    }),
  },
  {
    code: "cmd-ignored",
    kind: "lint",
    severity: "warning",
    title: "A CMD that ENTRYPOINT does not see",
    reason: "ENTRYPOINT in shell form gets no arguments, neither CMD nor what is given to docker run.",
    remedy: 'Write ENTRYPOINT as a list: ENTRYPOINT ["program"].',
    link: "https://docs.docker.com/reference/dockerfile/#understand-how-cmd-and-entrypoint-interact",
    also: [],
    bad: { text: `${FROM}ENTRYPOINT exec bin/start\nCMD ["server"]\n`, line: 3 },
    good: `${FROM}ENTRYPOINT ["bin/start"]\nCMD ["server"]\n`,
    find: inLines(["CMD"], (line, { lines }) => {
      const entrypoint = lines.findLast(({ name }) => name === "ENTRYPOINT");
      if (entrypoint === undefined || entrypoint.json || lines.findLast(({ name }) => name === "CMD") !== line)
        return undefined;
      return { ...at(line), message: `the ENTRYPOINT in line ${entrypoint.place.line} never sees it` };
    }),
  },
  {
    code: "exec-form-variable",
    kind: "lint",
    severity: "warning",
    title: "A variable that nobody expands",
    reason:
      "A list is run without a shell, and BuildKit expands nothing in it: the program gets the dollar and the name.",
    remedy: 'Let a shell expand it: ["sh", "-c", "exec program \\"$NAME\\""].',
    link: "https://docs.docker.com/reference/dockerfile/#exec-form",
    also: [],
    bad: { text: `${FROM}CMD ["bin/rails", "server", "-p", "$PORT"]\n`, line: 2 },
    good: `${FROM}CMD ["bin/rails", "server"]\n`,
    find: inLines(["RUN", ...STARTS], (line) => {
      if (!line.json || hasShell(line)) return undefined;
      const found = line.words.find(({ text }) => /^[^'"]*\$(?:[A-Z_][A-Z0-9_]*\b|\{[A-Z_])/.test(text));
      return found === undefined ? undefined : { ...at(line, found), message: `${found.text} stays as it is` };
    }),
  },
  {
    code: "exec-form-operator",
    kind: "lint",
    severity: "error",
    title: "Shell operators in a list",
    reason: "A list is one program and its arguments: `&&`, `|` and `>` are arguments there.",
    remedy: 'Let a shell read it: ["sh", "-c", "a && b"].',
    link: "https://docs.docker.com/reference/dockerfile/#exec-form",
    also: [],
    bad: { text: `${FROM}CMD ["bin/setup", "&&", "bin/start"]\n`, line: 2 },
    good: `${FROM}CMD ["sh", "-c", "bin/setup && exec bin/start"]\n`,
    find: inLines(["RUN", ...STARTS], (line) => {
      const found = line.words.slice(1).find(({ text }) => ["&&", "||", ";", "|", ">", ">>", "2>&1"].includes(text));
      return !line.json || found === undefined || hasShell(line)
        ? undefined
        : { ...at(line, found), message: `${found.text} is an argument here` };
    }),
  },
  {
    code: "exec-form-one-word",
    kind: "lint",
    severity: "error",
    title: "A whole command as one word",
    reason: "The first word of a list is the program: there is none whose name holds blanks.",
    remedy: 'Write each word for itself: CMD ["bin/rails", "server"].',
    link: "https://docs.docker.com/reference/dockerfile/#exec-form",
    also: [],
    bad: { text: `${FROM}CMD ["bin/rails server"]\n`, line: 2 },
    good: `${FROM}CMD ["bin/rails", "server"]\n`,
    find: inLines(["RUN", ...STARTS], (line) => {
      const [first, second] = line.words;
      if (!line.json || first === undefined || second !== undefined || !/^[\w./-]+\s+\S/.test(first.text))
        return undefined;
      // arguments for an ENTRYPOINT may be any words
      if (line.name === "CMD" && line.stage.chain.some(({ name }) => name === "ENTRYPOINT")) return undefined;
      return { ...at(line, first), message: `there is no program named ${JSON.stringify(first.text)}` };
    }),
  },
  {
    code: "start-through-package-manager",
    kind: "lint",
    severity: "warning",
    title: "A container that starts through npm",
    reason:
      "npm, yarn and pnpm start a shell that starts the program; TERM may never reach it, and memory is spent on all three.",
    remedy: 'Start the program itself: CMD ["node", "server.js"].',
    link: "https://github.com/nodejs/docker-node/blob/main/docs/BestPractices.md#cmd",
    also: [],
    bad: { text: `${FROM}CMD ["npm", "start"]\n`, line: 2 },
    good: `${FROM}CMD ["node", "server.js"]\n`,
    find: inLines(STARTS, (line, stage) => {
      const [program, verb] = line.words;
      const started = ["npm", "yarn", "pnpm"].includes(program?.text ?? "") && /^(?:start|run)$/.test(verb?.text ?? "");
      if (!line.json || !started || !stage.final) return undefined;
      return { ...at(line, program), message: `${program?.text ?? ""} stands between TERM and the program` };
    }),
  },
  {
    code: "healthcheck-missing",
    kind: "lint",
    severity: "info",
    pedantic: true,
    title: "No HEALTHCHECK",
    reason: "Docker cannot tell a container that hangs from one that works. ECS and Kubernetes do not look at it.",
    remedy: "Add HEALTHCHECK, or HEALTHCHECK NONE where another program asks.",
    link: "https://docs.docker.com/reference/dockerfile/#healthcheck",
    also: ["DL3057"],
    bad: { text: `FROM ruby:3.4@sha256:${"0f".repeat(32)}\n`, line: 1 },
    good: `FROM ruby:3.4@sha256:${"0f".repeat(32)}\nHEALTHCHECK NONE\n`,
    find: inStages((stage) =>
      !stage.final || stage.chain.some(({ name }) => name === "HEALTHCHECK")
        ? undefined
        : { ...at(stage.from), message: "nothing says when a container of this image is well" },
    ),
  },
];

/** Whether a list runs a shell, which reads the words behind it. */
function hasShell(line: LintLine): boolean {
  return line.words.some(({ text }) => SHELLS.test(text));
}
