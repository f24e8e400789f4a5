import type { LintLine, LintStage } from "../lint-file.ts";
import { at, inLines, type Rule } from "../rule.ts";

const FROM = "FROM ruby:3.4-slim-trixie\n";
const NODE = "FROM node:24-trixie-slim AS node\nFROM ruby:3.4-slim-trixie\n";

/** Links in the node image that point elsewhere; COPY follows them, so the program loses what stands beside it. */
const LINKS = /^\/usr\/local\/bin\/(?:npm|npx|corepack|yarn|yarnpkg|pnpm|pnpx)$/;

/** Folders that hold what the system or the language of the base put there. */
const SHARED = /^\/(?:usr(?:\/local(?:\/(?:bin|lib|share|include))?|\/lib|\/bin|\/share)?|bin|lib|etc)?\/?$/;

/** Rules about what is copied from stages and images, and how. */
export const COPY_FROM_RULES: readonly Rule[] = [
  {
    code: "copy-over-shared-folder",
    kind: "lint",
    severity: "error",
    title: "A whole system folder copied over another",
    reason:
      "/usr/local holds ruby, gem and bundle of one image and node of the other: the copy mixes both, and shared libraries with them.",
    remedy: "Copy the program and its own folder: /usr/local/bin/node, /usr/local/lib/node_modules/npm/.",
    link: "https://docs.docker.com/reference/dockerfile/#copy---from",
    also: ["DL3067"],
    bad: { text: `${NODE}COPY --from=node /usr/local/ /usr/local/\n`, line: 3 },
    good: `${NODE}COPY --from=node /usr/local/bin/node /usr/local/bin/\n`,
    find: inLines(["COPY"], (line, stage) => {
      if (!line.flags.some(({ name }) => name === "from") || stage.image === "scratch") return undefined;
      const target = line.words.at(-1)?.text ?? "";
      const whole = sourcesOf(line).find(({ text }) => SHARED.test(text));
      if (whole === undefined || whole.text.replace(/\/$/, "") !== target.replace(/\/$/, "")) return undefined;
      // one folder taken from a stage on the same base only adds what that stage installed
      if (fromSameBase(line, stage)) return undefined;
      return { ...at(line, whole), message: `everything in ${target} that has the same name is replaced` };
    }),
  },
  {
    code: "copied-link-without-target",
    kind: "lint",
    severity: "error",
    title: "A link copied without what it points at",
    reason:
      "COPY follows a link that it is given: the file arrives alone, and what it loads by relative paths is missing.",
    remedy: "Copy /usr/local/lib/node_modules/npm/ (for yarn /opt/yarn-v…/) and make the link again with ln -s.",
    link: "https://docs.docker.com/reference/dockerfile/#copy",
    also: [],
    bad: { text: `${NODE}COPY --from=node /usr/local/bin/npm /usr/local/bin/\n`, line: 3 },
    good: `${NODE}COPY --from=node /usr/local/lib/node_modules/npm/ /usr/local/lib/node_modules/npm/\n`,
    find: inLines(["COPY"], (line) => {
      if (!line.flags.some(({ name }) => name === "from")) return undefined;
      return sourcesOf(line)
        .filter(({ text }) => LINKS.test(text))
        .map((word) => ({ ...at(line, word), message: `${word.text} is a link in the node image` }));
    }),
  },
  {
    code: "copy-link-with-user-name",
    kind: "lint",
    severity: "error",
    title: "COPY --link with a user by name",
    reason: "A linked layer knows nothing of the image below, and so not who has which number.",
    remedy: "Write the numbers: --chown=1000:1000.",
    link: "https://docs.docker.com/reference/dockerfile/#copy---link",
    also: [],
    bad: { text: `${FROM}COPY --link --chown=app:app config.ru /app/\n`, line: 2 },
    good: `${FROM}COPY --link --chown=1000:1000 config.ru /app/\n`,
    find: inLines(["COPY", "ADD"], (line) => {
      const link = line.flags.find(({ name }) => name === "link");
      const chown = line.flags.find(({ name }) => name === "chown");
      if (link === undefined || link.value?.toLowerCase() === "false" || chown?.value === undefined) return undefined;
      if (/^\d+(?::\d+)?$|\$/.test(chown.value)) return undefined;
      return { ...at(line, chown), message: `${chown.value} has no number in a linked layer` };
    }),
  },
];

/** Whether the stage copied from and this one stand on the same image, or on each other. */
function fromSameBase(line: LintLine, stage: LintStage): boolean {
  const from = line.flags.find(({ name }) => name === "from")?.value ?? "";
  return stage.siblings.get(from.toLowerCase())?.root === stage.root;
}

function sourcesOf(line: LintLine): LintLine["words"] {
  return line.words.slice(0, -1);
}
