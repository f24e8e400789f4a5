import { at, inLines, inStages, type Rule } from "../rule.ts";
import { pairsOf, unquoted } from "../variables.ts";

/** Rules about ARG, ENV and what expands. */
export const VARIABLE_RULES: readonly Rule[] = [
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
    find: inStages(({ from }, { view: { globals } }) => {
      const unset = variablesOfFrom(from.from).filter((name) => globals.has(name) && globals.get(name) === undefined);
      // a guarded use has its default in the reference itself
      const open = unset.filter((name) => new RegExp(String.raw`\$(?:${name}\b|\{${name}\})`).test(from.from));
      return open.map((name) => ({ ...at(from, from.words[0]), message: `${name} has no default` }));
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

function variablesOfFrom(from: string): readonly string[] {
  return [...from.matchAll(/\$\{?(\w+)/g)].map((match) => match[1] ?? "");
}
