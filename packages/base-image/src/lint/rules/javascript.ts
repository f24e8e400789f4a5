import { someBefore } from "../history.ts";
import { argumentsOf, hasFlag, isCall, operandsOf, programOf } from "../command-words.ts";
import type { LintLine } from "../lint-file.ts";
import { staysOut } from "../mounts.ts";
import { at, atCommand, inCommands, inLines, type Rule } from "../rule.ts";
import type { ShellCommand } from "../shell-command.ts";

const FROM = "FROM node:24-trixie-slim AS modules\n";
const LAST = "FROM debian:trixie-slim\nCOPY --from=modules /app/node_modules/ /app/node_modules/\n";

/** Rules about npm, yarn and pnpm. */
export const JAVASCRIPT_RULES: readonly Rule[] = [
  {
    code: "npm-unpinned",
    kind: "lint",
    severity: "warning",
    title: "An npm package without a version",
    reason: "The version is that of the day: the same commit builds another image tomorrow.",
    remedy: "Write PACKAGE@VERSION; what the application needs belongs into its package.json.",
    link: "https://github.com/hadolint/hadolint/wiki/DL3016",
    also: ["DL3016"],
    bad: { text: `${FROM}RUN npm install --global yarn\n${LAST}`, line: 2 },
    good: `${FROM}RUN npm install --global yarn@1.22.22\n${LAST}`,
    find: inCommands((command) => {
      const adds =
        isCall(command, ["npm"], ["install", "i", "add"]) || isCall(command, ["pnpm", "yarn"], ["add", "global"]);
      const open = argumentsOf(command).find(({ value }) => isOpen(value));
      return adds && open !== undefined ? { message: `${open.value} has no version`, word: open } : undefined;
    }),
  },
  {
    code: "npm-install-not-ci",
    kind: "lint",
    severity: "warning",
    title: "npm install where npm ci is meant",
    reason: "npm install may change the lock and takes what fits package.json; npm ci installs the lock, or fails.",
    remedy: "Use npm ci.",
    link: "https://docs.npmjs.com/cli/commands/npm-ci",
    also: [],
    bad: { text: `${FROM}COPY package.json package-lock.json /app/\nRUN npm install\n${LAST}`, line: 3 },
    good: `${FROM}COPY package.json package-lock.json /app/\nRUN npm ci\n${LAST}`,
    find: inCommands((command, line) => {
      if (!isCall(command, ["npm"], ["install", "i"]) || hasFlag(command, "-g", "--global")) return undefined;
      if (argumentsOf(command).length > 0 || !copiesLock(line, /package-lock\.json|package\*\.json/)) return undefined;
      return "npm install may take other versions than package-lock.json has";
    }),
  },
  {
    code: "yarn-not-frozen",
    kind: "lint",
    severity: "warning",
    title: "yarn install that may change the lock",
    reason:
      "With a package.json that does not fit the lock it resolves anew, and the image gets packages nobody tested.",
    remedy: "Add --frozen-lockfile (Yarn 1) or --immutable (Yarn 2 and later).",
    link: "https://yarnpkg.com/cli/install",
    also: [],
    bad: { text: `${FROM}COPY package.json yarn.lock /app/\nRUN yarn install\n${LAST}`, line: 3 },
    good: `${FROM}COPY package.json yarn.lock /app/\nRUN yarn install --frozen-lockfile\n${LAST}`,
    find: inCommands((command, line) => {
      const flags = ["--frozen-lockfile", "--pure-lockfile", "--immutable", "--check-files", "--mode"];
      if (!isPlainInstall(command, "yarn") || hasFlag(command, ...flags) || !copiesLock(line, /yarn\.lock/))
        return undefined;
      return "this may take other versions than yarn.lock has";
    }),
  },
  {
    code: "pnpm-not-frozen",
    kind: "lint",
    severity: "warning",
    title: "pnpm install that may change the lock",
    reason:
      "A build is no CI to pnpm unless CI is set: it updates the lock in place, and the image gets packages nobody tested.",
    remedy: "Add --frozen-lockfile.",
    link: "https://pnpm.io/cli/install#--frozen-lockfile",
    also: [],
    bad: { text: `${FROM}COPY package.json pnpm-lock.yaml /app/\nRUN pnpm install\n${LAST}`, line: 3 },
    good: `${FROM}COPY package.json pnpm-lock.yaml /app/\nRUN pnpm install --frozen-lockfile\n${LAST}`,
    find: inCommands((command, line) => {
      if (!isCall(command, ["pnpm"], ["install", "i"]) || argumentsOf(command).length > 0) return undefined;
      if (hasFlag(command, "--frozen-lockfile", "--offline") || !copiesLock(line, /pnpm-lock\.yaml/)) return undefined;
      return "this may take other versions than pnpm-lock.yaml has";
    }),
  },
  {
    code: "javascript-cache-left",
    kind: "lint",
    severity: "warning",
    title: "A JavaScript package manager's cache left in the image",
    reason: "What was downloaded is kept beside node_modules a second time.",
    remedy:
      "Mount a cache: RUN --mount=type=cache,target=/root/.npm …; or end the RUN with the manager's `cache clean`.",
    link: "https://github.com/hadolint/hadolint/wiki/DL3060",
    also: ["DL3060"],
    bad: { text: "FROM node:24-trixie-slim\nRUN npm ci\n", line: 2 },
    good: "FROM node:24-trixie-slim\nRUN npm ci && npm cache clean --force\n",
    find: inLines(["RUN"], (line, stage) => {
      const { commands } = line.shell;
      const install = commands.find((command) => Object.keys(CACHES).some((name) => isPlainInstall(command, name)));
      if (!stage.kept || install === undefined) return undefined;
      const cleaned = commands.some((command) => {
        const words = command.words.map(({ value }) => value).join(" ");
        return /\bcache (?:clean|clear)|store prune|rm .*(?:\.npm|cache|store)/.test(words);
      });
      const folders = CACHES[programOf(install)] ?? [];
      const elsewhere = hasFlag(install, "--cache", "--cache-folder", "--store-dir");
      if (cleaned || elsewhere || folders.some((folder) => staysOut(line, folder))) return undefined;
      return { ...atCommand(line, install), message: `${programOf(install)}'s downloads stay in the layer` };
    }),
  },
  {
    code: "copy-node-modules",
    kind: "lint",
    severity: "warning",
    title: "node_modules copied from the developer's machine",
    reason: "Packages with native code are those of that machine's system; in the container they do not load.",
    remedy: "Name node_modules in .dockerignore and install in the build.",
    link: "https://docs.docker.com/build/concepts/context/#dockerignore-files",
    also: [],
    bad: { text: "FROM node:24-trixie-slim\nCOPY node_modules/ /app/node_modules/\n", line: 2 },
    good: "FROM node:24-trixie-slim\nCOPY package.json package-lock.json /app/\n",
    find: inLines(["COPY", "ADD"], (line) => {
      if (line.flags.some(({ name }) => name === "from")) return undefined;
      return line.words
        .slice(0, -1)
        .filter(({ text }) => /^(?:\.?\/)?node_modules\/?$/.test(text))
        .map((word) => ({ ...at(line, word), message: "these packages were installed elsewhere" }));
    }),
  },
];

/** Where the managers keep what they download, of which one must be out of the image. */
const CACHES: Readonly<Record<string, readonly string[]>> = {
  npm: ["/root/.npm", "/root"],
  yarn: ["/root/.yarn", "/usr/local/share/.cache", "/root/.cache", "/root"],
  pnpm: ["/root/.local/share/pnpm/store", "/pnpm/store", "/root"],
};

/** `npm ci`, `npm install`, `yarn`, `yarn install`, `pnpm install`: with no package named. */
function isPlainInstall(command: ShellCommand, manager: string): boolean {
  if (programOf(command) !== manager) return false;
  const [verb] = operandsOf(command);
  if (verb === undefined) return manager === "yarn" && !hasFlag(command, "--version", "-v", "--help");
  return ["install", "i", "ci"].includes(verb.value) && argumentsOf(command).length === 0;
}

/** A package's name without a version, a tag, a path, an address or a variable. */
function isOpen(value: string): boolean {
  return /^(?:@[\w.-]+\/)?[A-Za-z][\w.-]*(?:@latest)?$/.test(value) && value !== "add" && !value.endsWith(".tgz");
}

function copiesLock(line: LintLine, lock: RegExp): boolean {
  return someBefore(line, "COPY", ({ words }) => words.some(({ text }) => lock.test(text)));
}
