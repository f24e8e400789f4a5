import { lastBefore } from "../history.ts";
import type { LintFile, LintLine } from "../lint-file.ts";
import { at, inLines, inStages, type Rule } from "../rule.ts";

const FROM = "FROM debian:trixie-slim\n";

/** Rules about how instructions are written down. */
export const FORM_RULES: readonly Rule[] = [
  {
    code: "instruction-casing",
    kind: "lint",
    severity: "warning",
    title: "Instructions in different cases",
    reason: "Keywords in one case are read at a glance as keywords.",
    remedy: "Write all instructions in capitals.",
    link: "https://docs.docker.com/reference/build-checks/consistent-instruction-casing/",
    also: ["ConsistentInstructionCasing"],
    bad: { text: `${FROM}WORKDIR /app\nrun make\n`, line: 3 },
    good: `${FROM}WORKDIR /app\nRUN make\n`,
    find: function* findCasing(file) {
      const keywords = keywordsOf(file);
      const lower = keywords.filter(({ keyword }) => keyword === keyword.toLowerCase()).length;
      const upper = keywords.filter(({ keyword }) => keyword === keyword.toUpperCase()).length;
      const wanted = (word: string): string => (lower > upper ? word.toLowerCase() : word.toUpperCase());
      for (const line of keywords) {
        if (line.keyword !== wanted(line.keyword)) {
          yield { ...at(line), message: `${line.keyword} where the others are written like ${wanted(line.keyword)}` };
        }
      }
    },
  },
  {
    code: "legacy-key-value",
    kind: "lint",
    severity: "warning",
    title: "A pair without an equals sign",
    reason:
      "Everything behind the first blank is the value, quotes and further pairs included; the form is deprecated.",
    remedy: "Write NAME=value, in quotes where it holds blanks.",
    link: "https://docs.docker.com/reference/build-checks/legacy-key-value-format/",
    also: ["LegacyKeyValueFormat"],
    bad: { text: `${FROM}ENV RAILS_ENV production\n`, line: 2 },
    good: `${FROM}ENV RAILS_ENV=production\n`,
    find: inLines(["ENV", "LABEL"], (line) => {
      const [first] = line.words;
      if (first === undefined || line.json || first.text.includes("=")) return undefined;
      return { ...at(line, first), message: `${first.text} is separated from its value by a blank` };
    }),
  },
  {
    code: "directive-too-late",
    kind: "lint",
    severity: "warning",
    title: "A directive that is only a comment",
    reason:
      "Directives count only before everything else; one comment or blank line above makes them ordinary comments.",
    remedy: "Move it to the first line of the file.",
    link: "https://docs.docker.com/reference/dockerfile/#parser-directives",
    also: [],
    bad: { text: "# The image of the shop\n# syntax=docker/dockerfile:1\nFROM debian:trixie-slim\n", line: 2 },
    good: "# syntax=docker/dockerfile:1\n# The image of the shop\nFROM debian:trixie-slim\n",
    find: function* findLate({ lines, parsed }) {
      const first = Math.min(...[...parsed.globalArgs, ...parsed.stages].map(({ place }) => place.line));
      const directives = new Set(parsed.directives.map(({ line }) => line));
      for (const [index, text] of lines.slice(0, first - 1).entries()) {
        const key = /^\s*#\s*(syntax|escape|check)\s*=/i.exec(text)?.[1];
        if (key === undefined || directives.has(index + 1)) continue;
        yield { line: index + 1, column: text.indexOf("#") + 1, message: `this line does not set ${key}` };
      }
    },
  },
  {
    code: "workdir-relative",
    kind: "lint",
    severity: "warning",
    title: "A relative WORKDIR with nothing before it",
    reason: "It goes on from wherever the base stands; a newer base may stand elsewhere.",
    remedy: "Write the whole path.",
    link: "https://docs.docker.com/reference/build-checks/workdir-relative-path/",
    also: ["WorkdirRelativePath", "DL3000"],
    bad: { text: `${FROM}WORKDIR app\n`, line: 2 },
    good: `${FROM}WORKDIR /app\nWORKDIR config\n`,
    find: inLines(["WORKDIR"], (line) => {
      const [path] = line.words;
      if (path === undefined || /^["']?(?:[/$~]|[A-Za-z]:)/.test(path.text)) return undefined;
      return lastBefore(line, "WORKDIR") !== undefined
        ? undefined
        : { ...at(line, path), message: `${path.text} depends on the base` };
    }),
  },
  {
    code: "expose-address",
    kind: "lint",
    severity: "warning",
    title: "EXPOSE with an address or a mapping",
    reason:
      "EXPOSE takes the container's port; who listens where is said when it is started, and BuildKit will refuse the rest.",
    remedy: "Write the container's port alone: EXPOSE 3000.",
    link: "https://docs.docker.com/reference/build-checks/expose-invalid-format/",
    also: ["ExposeInvalidFormat"],
    bad: { text: `${FROM}EXPOSE 127.0.0.1:3000:3000\n`, line: 2 },
    good: `${FROM}EXPOSE 3000\n`,
    find: inLines(["EXPOSE"], (line) =>
      line.words
        .filter(({ text }) => text.includes(":") && !text.includes("$"))
        .map((word) => ({ ...at(line, word), message: `${word.text} is more than a port` })),
    ),
  },
  {
    code: "expose-casing",
    kind: "lint",
    severity: "warning",
    title: "A protocol in capitals",
    reason: "Docker writes tcp and udp; other programs compare the words.",
    remedy: "Write it in small letters.",
    link: "https://docs.docker.com/reference/build-checks/expose-proto-casing/",
    also: ["ExposeProtoCasing"],
    bad: { text: `${FROM}EXPOSE 53/UDP\n`, line: 2 },
    good: `${FROM}EXPOSE 53/udp\n`,
    find: inLines(["EXPOSE"], (line) =>
      line.words
        .filter(({ text }) => !text.includes("$") && /\/.*[A-Z]/.test(text))
        .map((word) => ({ ...at(line, word), message: `${word.text} is ${word.text.toLowerCase()}` })),
    ),
  },
  {
    code: "definition-comment",
    kind: "lint",
    severity: "info",
    pedantic: true,
    title: "A comment that does not begin with the name",
    reason:
      "`docker build --call=outline` shows the comment above a stage or an argument, when it begins with its name.",
    remedy: "Write `# NAME what it is for`, or leave an empty line between.",
    link: "https://docs.docker.com/reference/build-checks/invalid-definition-description/",
    also: ["InvalidDefinitionDescription"],
    bad: { text: `# The image\nFROM debian:trixie@sha256:${"0f".repeat(32)} AS app\nHEALTHCHECK NONE\n`, line: 2 },
    good: `# app The image\nFROM debian:trixie@sha256:${"0f".repeat(32)} AS app\nHEALTHCHECK NONE\n`,
    find: inStages(({ from }) => {
      const above = from.comments.findLast(({ line }) => line === from.place.line - 1);
      const directed = /^(?:base-image|hadolint|check)\b/;
      if (above === undefined || from.name === undefined || directed.test(above.text)) return undefined;
      if (above.text.toLowerCase().startsWith(`${from.name} `)) return undefined;
      return { ...at(from), message: `the comment above does not begin with ${from.name}` };
    }),
  },
];

function keywordsOf({ parsed }: LintFile): readonly Pick<LintLine, "keyword" | "place" | "pieces">[] {
  const inStagesOf = parsed.stages.flatMap((stage) => [stage, ...stage.instructions]);
  return [...parsed.globalArgs, ...inStagesOf];
}
