import { nearest } from "../../dockerfile/known-keys.ts";
import type { LintFile, LintLine } from "../lint-file.ts";
import { at, inLines, inStages, type Hit, type Rule } from "../rule.ts";
import { isSetBefore, namesBefore } from "../history.ts";
import { pairsOf, PLATFORM_ARGS, unquoted, usesIn } from "../variables.ts";

/** What the engine, a shell or a proxy gives without being declared. */
const ALWAYS_THERE = new Set(
  ["PATH", "HOME", "HOSTNAME", "LANG", "LC_ALL", "USER", "PWD", "TERM", "SOURCE_DATE_EPOCH"].concat(
    ["HTTP", "HTTPS", "FTP", "NO", "ALL"].flatMap((each) => [`${each}_PROXY`, `${each.toLowerCase()}_proxy`]),
  ),
);

/** Rules about ARG, ENV and what expands. */
export const VARIABLE_RULES: readonly Rule[] = [
  {
    code: "from-arg-undeclared",
    kind: "graph",
    severity: "error",
    title: "FROM uses an argument that is not declared before it",
    reason: "FROM sees only the ARGs above the first FROM; any other name is empty there.",
    remedy: "Declare it with ARG before the first FROM.",
    link: "https://docs.docker.com/reference/build-checks/undefined-arg-in-from/",
    also: ["UndefinedArgInFrom"],
    bad: { text: "ARG VARIANT=slim-trixie\nFROM ruby:3.4-$VARIAMT\n", line: 2 },
    good: "ARG VARIANT=slim-trixie\nFROM ruby:3.4-$VARIANT\n",
    find: inStages(({ from }, file) =>
      variablesOfFrom(from.from).flatMap((name) => {
        if (file.globals.has(name) || PLATFORM_ARGS.has(name)) return [];
        const near = nearest(name, [...file.globals.keys(), ...PLATFORM_ARGS]);
        const hint = near === undefined ? {} : { hint: `Did you mean ${near}?` };
        return [{ ...at(from, from.words[0]), message: `${name} is not declared before the first FROM`, ...hint }];
      }),
    ),
  },
  {
    code: "from-arg-without-default",
    kind: "lint",
    severity: "warning",
    title: "A base that only exists with --build-arg",
    reason: "Without the argument the reference is cut off, and the build fails with words about a reference.",
    remedy: "Give the ARG a default that builds.",
    link: "https://docs.docker.com/reference/build-checks/invalid-default-arg-in-from/",
    also: ["InvalidDefaultArgInFrom"],
    bad: { text: "ARG VERSION\nFROM ruby:$VERSION\n", line: 2 },
    good: "ARG VERSION=3.4-slim-trixie\nFROM ruby:$VERSION\n",
    find: inStages(({ from }, { globals }) => {
      const unset = variablesOfFrom(from.from).filter((name) => globals.has(name) && globals.get(name) === undefined);
      // a guarded use has its default in the reference itself
      const open = unset.filter((name) => new RegExp(String.raw`\$(?:${name}\b|\{${name}\})`).test(from.from));
      return open.map((name) => ({ ...at(from, from.words[0]), message: `${name} has no default` }));
    }),
  },
  {
    code: "variable-undeclared-in-stage",
    kind: "graph",
    severity: "warning",
    title: "An argument that is not declared in this stage",
    reason:
      "An ARG before the first FROM, or one BuildKit sets itself, is empty in a stage that does not declare it again.",
    remedy: "Add `ARG NAME` to the stage, above the instruction that uses it.",
    link: "https://docs.docker.com/reference/dockerfile/#scope",
    also: ["UndefinedVar"],
    bad: { text: "ARG APP_HOME=/app\nFROM ruby:3.4-slim-trixie\nWORKDIR $APP_HOME\n", line: 3 },
    good: "ARG APP_HOME=/app\nFROM ruby:3.4-slim-trixie\nARG APP_HOME\nWORKDIR $APP_HOME\n",
    find: undeclared((name, { globals }, line) => {
      if (!globals.has(name) && !PLATFORM_ARGS.has(name)) return undefined;
      // official images set RUBY_VERSION, NODE_VERSION and the like themselves
      if (name.endsWith("_VERSION") && line.stage.official !== undefined) return undefined;
      return { message: `${name} is empty in this stage` };
    }),
  },
  {
    code: "variable-misspelt",
    kind: "graph",
    severity: "warning",
    title: "A variable whose name is nearly right",
    reason: "A name that nobody has set expands to nothing, without a word.",
    remedy: "Write the name as it is declared.",
    link: "https://docs.docker.com/reference/build-checks/undefined-var/",
    also: ["UndefinedVar"],
    bad: { text: "FROM ruby:3.4-slim-trixie\nENV APP_HOME=/app\nWORKDIR $APP_HOEM\n", line: 3 },
    good: "FROM ruby:3.4-slim-trixie\nENV APP_HOME=/app\nWORKDIR $APP_HOME\n",
    find: undeclared((name, { globals }, line) => {
      if (globals.has(name) || PLATFORM_ARGS.has(name)) return undefined;
      const near = nearest(name, namesBefore(line));
      if (near === undefined || Math.abs(near.length - name.length) > 1 || near[0] !== name[0]) return undefined;
      return { message: `nothing sets ${name}`, hint: `Did you mean ${near}?` };
    }),
  },
  {
    code: "env-self-reference",
    kind: "lint",
    severity: "error",
    title: "ENV uses what the same ENV sets",
    reason: "All values of one ENV are expanded before any of them is set: the name is empty, or has its old value.",
    remedy: "Set it in an ENV of its own, above.",
    link: "https://docs.docker.com/reference/dockerfile/#environment-replacement",
    also: ["DL3044"],
    bad: { text: "FROM ruby:3.4-slim-trixie\nENV APP_HOME=/app LOGS=$APP_HOME/log\n", line: 2 },
    good: "FROM ruby:3.4-slim-trixie\nENV APP_HOME=/app\nENV LOGS=$APP_HOME/log\n",
    find: inLines(["ENV"], (line) => {
      const pairs = pairsOf(line);
      return usesIn(line).flatMap((use) => {
        const setter = pairs.find(({ key }) => key === use.name);
        const own = setter !== undefined && use.start >= setter.start && use.end <= setter.end;
        if (setter === undefined || own || isSetBefore(line, use.name)) return [];
        return [{ ...at(line, use), message: `${use.name} has no value yet in the instruction that sets it` }];
      });
    }),
  },
  {
    code: "env-path-lost",
    kind: "lint",
    severity: "error",
    title: "PATH without the system's folders",
    reason: "ENV replaces PATH: without /usr/bin nothing that is installed is found any more.",
    remedy: "End the value with :$PATH.",
    link: "https://docs.docker.com/build/building/best-practices/#env",
    also: [],
    bad: { text: "FROM ruby:3.4-slim-trixie\nENV PATH=/app/bin\n", line: 2 },
    good: "FROM ruby:3.4-slim-trixie\nENV PATH=/app/bin:$PATH\n",
    find: inLines(["ENV"], (line) =>
      pairsOf(line).flatMap((pair) => {
        const value = pair.value ?? "";
        if (pair.key !== "PATH" || value.includes("$") || value.includes("/bin:") || /\/usr\/bin\b/.test(value))
          return [];
        return [{ ...at(line, pair), message: "PATH is replaced, and /usr/bin is not in it" }];
      }),
    ),
  },
  {
    code: "tilde-not-expanded",
    kind: "lint",
    severity: "error",
    title: "A tilde that nobody expands",
    reason: "`~` is the shell's; in ENV, WORKDIR and COPY it is a folder of that name.",
    remedy: "Write the folder out: /root, or the user's home.",
    link: "https://docs.docker.com/reference/dockerfile/#environment-replacement",
    also: [],
    bad: { text: "FROM ruby:3.4-slim-trixie\nENV PATH=~/.local/bin:$PATH\n", line: 2 },
    good: "FROM ruby:3.4-slim-trixie\nENV PATH=/root/.local/bin:$PATH\n",
    find: inLines(["ENV", "WORKDIR", "COPY", "ADD"], (line) =>
      line.words.flatMap((word, index) => {
        const paths = line.name === "ENV" ? unquoted(word.text.replace(/^\w+=/, "")) : word.text;
        const last = index === line.words.length - 1;
        if (!/(?:^|:)~(?:\/|$)/.test(paths) || (line.name !== "ENV" && !last)) return [];
        return [{ ...at(line, word), message: `${paths.slice(paths.indexOf("~"))} is taken as it stands` }];
      }),
    ),
  },
];

function undeclared(
  judge: (name: string, file: LintFile, line: LintLine) => Pick<Hit, "message" | "hint"> | undefined,
): Rule["find"] {
  return function* findUndeclared(file) {
    for (const line of file.stages.flatMap(({ lines }) => lines)) {
      const uses = usesIn(line);
      for (const use of uses) {
        if (use.guarded || isSetBefore(line, use.name) || ALWAYS_THERE.has(use.name)) continue;
        const said = judge(use.name, file, line);
        if (said !== undefined) yield { ...at(line, use), ...said };
      }
    }
  };
}

function variablesOfFrom(from: string): readonly string[] {
  return [...from.matchAll(/\$\{?(\w+)/g)].map((match) => match[1] ?? "");
}
