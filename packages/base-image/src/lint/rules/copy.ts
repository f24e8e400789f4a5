import { someBefore } from "../history.ts";
import { operandsOf, programOf } from "../command-words.ts";
import type { LintLine } from "../lint-file.ts";
import { at, inCommands, inLines, inStages, type Rule } from "../rule.ts";
import type { ShellCommand } from "../shell-command.ts";

const FROM = "FROM ruby:3.4-slim-trixie\n";
const ARCHIVE = /\.(?:tar|tar\.(?:gz|bz2|xz|zst)|tgz|tbz2?|txz|tzst)$/;
const REMOTE = /^(?:https?:\/\/|git@|git:\/\/|ssh:\/\/)/;
const COPIES = ["COPY", "ADD"];

/** Rules about COPY and ADD. */
export const COPY_RULES: readonly Rule[] = [
  {
    code: "add-for-file",
    kind: "lint",
    severity: "warning",
    title: "ADD for plain files",
    reason: "ADD also unpacks archives and downloads: a reader has to find out which of them is meant.",
    remedy: "Use COPY.",
    link: "https://docs.docker.com/build/building/best-practices/#add-or-copy",
    also: ["DL3020"],
    bad: { text: `${FROM}ADD config.ru /app/\n`, line: 2 },
    good: `${FROM}COPY config.ru /app/\n`,
    find: inLines(["ADD"], (line) => {
      const sources = sourcesOf(line);
      // what a variable or a pattern stands for cannot be seen here
      const plain =
        sources.length > 0 &&
        sources.every(({ text }) => !REMOTE.test(text) && !/[$*?[]/.test(text) && !ARCHIVE.test(text));
      return plain ? { ...at(line), message: "nothing here needs ADD" } : undefined;
    }),
  },
  {
    code: "add-remote-without-checksum",
    kind: "lint",
    severity: "warning",
    title: "A download that nobody checks",
    reason: "Whoever changes the file at that address changes the image.",
    remedy: "Add --checksum=sha256:…; for git, name a commit.",
    link: "https://docs.docker.com/reference/dockerfile/#add---checksum",
    also: [],
    bad: { text: `${FROM}ADD https://example.com/tool.tar.gz /tmp/\n`, line: 2 },
    good: `${FROM}ADD --checksum=sha256:${"0f".repeat(32)} https://example.com/tool.tar.gz /tmp/\n`,
    find: inLines(["ADD"], (line) => {
      if (line.flags.some(({ name }) => name === "checksum")) return undefined;
      const open = sourcesOf(line).find(
        ({ text }) => /^https?:\/\//.test(text) && !/\.git(?:#[0-9a-f]{40})?$/.test(text),
      );
      return open === undefined ? undefined : { ...at(line, open), message: "nothing says what this file should be" };
    }),
  },
  {
    code: "copy-all-before-install",
    kind: "lint",
    severity: "warning",
    title: "Everything copied before packages are installed",
    reason: "Any changed file makes the install run again: minutes for each build instead of none.",
    remedy: "Copy the lock file first, install, then copy the rest.",
    link: "https://docs.docker.com/build/cache/optimize/#order-your-layers",
    also: [],
    bad: {
      text: `${FROM}ENV BUNDLE_DEPLOYMENT=1\nCOPY . /app/\nRUN bundle install && rm -rf /usr/local/bundle/cache\n`,
      line: 3,
    },
    good: `${FROM}ENV BUNDLE_DEPLOYMENT=1\nCOPY Gemfile Gemfile.lock /app/\nRUN bundle install && rm -rf /usr/local/bundle/cache\nCOPY . /app/\n`,
    find: inStages((stage) => {
      const installed = stage.chain.map(installerIn);
      const first = installed.findIndex((each) => each !== undefined);
      const program = installed[first];
      const install = stage.chain[first];
      if (program === undefined || install?.stage !== stage) return undefined;
      const whole = stage.lines.find((line) => line.position < install.position && copiesAll(line));
      if (whole === undefined) return undefined;
      return { ...at(whole), message: `${program} installs again whenever any file changes` };
    }),
  },
  {
    code: "chown-after-copy",
    kind: "lint",
    severity: "warning",
    title: "Files copied, then given to somebody",
    reason:
      "A changed owner is a changed file: the layer of the RUN holds everything a second time, and takes minutes to write.",
    remedy: "Write COPY --chown=1000:1000.",
    link: "https://docs.docker.com/reference/dockerfile/#copy---chown---chmod",
    also: [],
    bad: { text: `${FROM}COPY . /app\nRUN chown -R 1000:1000 /app\n`, line: 3 },
    good: `${FROM}COPY --chown=1000:1000 . /app\n`,
    find: inCommands((command, line, stage) => {
      if (programOf(command) !== "chown" || !command.words.some(({ value }) => /^-\w*R|^--recursive$/.test(value))) {
        return undefined;
      }
      const paths = operandsOf(command).slice(1);
      const twice = paths.find(({ value }) => {
        const isTarget = (copy: LintLine): boolean =>
          copy.stage === stage && bare(copy.words.at(-1)?.text ?? "") === bare(value);
        return COPIES.some((name) => someBefore(line, name, isTarget));
      });
      return twice === undefined ? undefined : { message: `${twice.value} is in two layers now`, word: twice };
    }),
  },
  {
    code: "json-form-misread",
    kind: "lint",
    severity: "error",
    title: "A list that is no JSON",
    reason: "BuildKit takes a list that is not strict JSON, with single quotes or a comma at the end, for plain text.",
    remedy: "Use double quotes, and no comma behind the last word.",
    link: "https://docs.docker.com/reference/dockerfile/#exec-form",
    also: [],
    bad: {
      text: "FROM registry.example.com/base:1\nSHELL [\"/bin/bash\", \"-c\"]\nCMD ['bin/rails', 'server']\n",
      line: 3,
    },
    good: `FROM registry.example.com/base:1\nCMD ["bin/rails", "server"]\n`,
    find: inLines(["RUN", "CMD", "ENTRYPOINT", "COPY", "ADD", "VOLUME", "HEALTHCHECK"], (line) => {
      const [first] = line.words;
      const last = line.words.at(-1);
      if (line.json || first === undefined || last === undefined) return undefined;
      const text = line.text.slice(first.start, last.end).trim();
      if (!text.startsWith("[") || !text.endsWith("]") || !/^\[\s*["'“]/.test(text)) return undefined;
      return { ...at(line, first), message: "this is read as plain text, brackets and quotes included" };
    }),
  },
  {
    code: "copy-archive",
    kind: "lint",
    severity: "info",
    pedantic: true,
    title: "An archive copied, then unpacked",
    reason: "The archive stays in the layer of the COPY beside what was unpacked.",
    remedy: "Use ADD, which unpacks local archives; or mount it: RUN --mount=type=bind,source=….",
    link: "https://github.com/hadolint/hadolint/wiki/DL3010",
    also: ["DL3010"],
    bad: {
      text: `FROM debian:trixie@sha256:${"0f".repeat(32)}\nCOPY site.tar.gz /tmp/\nRUN tar -xf /tmp/site.tar.gz\nHEALTHCHECK NONE\n`,
      line: 2,
    },
    good: `FROM debian:trixie@sha256:${"0f".repeat(32)}\nADD site.tar.gz /srv/\nHEALTHCHECK NONE\n`,
    find: inLines(["COPY"], (line, stage) => {
      const archive = sourcesOf(line).find(({ text }) => ARCHIVE.test(text));
      const name = archive?.text.replace(/^.*\//, "") ?? "";
      const later = stage.lines.slice(stage.lines.indexOf(line)).flatMap(({ shell }) => shell.commands);
      const unpacked = later.some(
        (command) => programOf(command) === "tar" && command.words.some(({ value }) => value.endsWith(name)),
      );
      return archive === undefined || !unpacked
        ? undefined
        : { ...at(line, archive), message: `${name} stays in the image` };
    }),
  },
];

function sourcesOf(line: LintLine): LintLine["words"] {
  return line.words.slice(0, -1);
}

function bare(path: string): string {
  return path.replaceAll(/^["']|["']$|\/+$/g, "") || "/";
}

function copiesAll(line: LintLine): boolean {
  if (line.name !== "COPY" || line.flags.some(({ name }) => name === "from")) return false;
  return sourcesOf(line).some(({ text }) => text === "." || text === "./");
}

/** The package manager that an instruction installs an application's packages with. */
function installerIn({ name, shell }: LintLine): string | undefined {
  if (name !== "RUN") return undefined;
  const found = shell.commands.find((command) => isInstall(command));
  return found === undefined ? undefined : programOf(found);
}

function isInstall(command: ShellCommand): boolean {
  const program = programOf(command);
  const [verb, ...more] = operandsOf(command).map(({ value }) => value);
  if (program === "bundle") return verb === "install";
  if (program === "pip" || program === "pip3")
    return verb === "install" && command.words.some(({ value }) => value === "-r");
  if (!["npm", "yarn", "pnpm"].includes(program)) return false;
  return (
    (["install", "ci", "i"].includes(verb ?? "") && more.length === 0) ||
    (program === "yarn" && command.words.length === 1)
  );
}
