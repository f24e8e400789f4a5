import { isCall, programOf } from "../command-words.ts";
import { isMentionedBy } from "../history.ts";
import type { LintLine } from "../lint-file.ts";
import { mountsOf, staysOut } from "../mounts.ts";
import { at, atCommand, inLines, type Rule } from "../rule.ts";
import type { ShellCommand } from "../shell-command.ts";

const APT = ["apt-get", "apt", "aptitude"];
/** Text that takes docker-clean away, or overrules it. */
const KEEPS = /docker-clean|Keep-Downloaded-Packages/i;
const FROM = "FROM debian:trixie-slim\n";

/** Rules about what apt-get leaves behind, and where it keeps it. */
export const APT_CACHE_RULES: readonly Rule[] = [
  {
    code: "apt-cache-mount-unlocked",
    kind: "lint",
    severity: "warning",
    title: "An apt cache that two builds share",
    reason: "apt takes a lock on its folders; with `sharing=shared`, the default, two builds at once break each other.",
    remedy: "Add sharing=locked.",
    link: "https://docs.docker.com/reference/dockerfile/#example-cache-apt-packages",
    also: [],
    bad: {
      text: "FROM registry.example.com/base:1\nRUN --mount=type=cache,target=/var/cache/apt apt-get check\n",
      line: 2,
    },
    good: "FROM registry.example.com/base:1\nRUN --mount=type=cache,target=/var/cache/apt,sharing=locked apt-get check\n",
    find: inLines(["RUN"], (line) =>
      aptCaches(line)
        .filter(({ keys }) => !["locked", "private"].includes(keys.get("sharing") ?? "shared"))
        .map(({ flag, target }) => ({ ...at(line, flag), message: `the cache at ${target} is not locked` })),
    ),
  },
  {
    code: "apt-cache-mount-cleaned",
    kind: "lint",
    severity: "warning",
    title: "An apt cache that is emptied each time",
    reason: "Debian's images hold /etc/apt/apt.conf.d/docker-clean, which deletes every package after it is installed.",
    remedy: "Remove that file before: rm -f /etc/apt/apt.conf.d/docker-clean.",
    link: "https://docs.docker.com/reference/dockerfile/#example-cache-apt-packages",
    also: [],
    bad: { text: `${FROM}RUN --mount=type=cache,target=/var/cache/apt,sharing=locked apt-get check\n`, line: 2 },
    good: `${FROM}RUN rm -f /etc/apt/apt.conf.d/docker-clean\nRUN --mount=type=cache,target=/var/cache/apt,sharing=locked apt-get check\n`,
    find: inLines(["RUN"], (line, stage) => {
      const cache = aptCaches(line).find(({ target }) => target.startsWith("/var/cache/apt"));
      if (cache === undefined || stage.official?.packages !== "apt" || isMentionedBy(line, KEEPS)) return undefined;
      return { ...at(line, cache.flag), message: "docker-clean empties this cache" };
    }),
  },
  {
    code: "apt-lists-left",
    kind: "lint",
    severity: "warning",
    title: "Package lists left in the image",
    reason:
      "The lists are 20 to 50 MB that a running container never reads, and a later RUN cannot take them out of the layer.",
    remedy: "End the RUN with rm -rf /var/lib/apt/lists/*, or mount a cache over it.",
    link: "https://docs.docker.com/build/building/best-practices/#apt-get",
    also: ["DL3009"],
    bad: { text: `${FROM}RUN apt-get update && apt-get install --yes --no-install-recommends git\n`, line: 2 },
    good: `${FROM}RUN apt-get update && apt-get install --yes --no-install-recommends git && rm -rf /var/lib/apt/lists/*\n`,
    find: inLines(["RUN"], (line, stage) => {
      const { commands } = line.shell;
      const update = commands.find((command) => isCall(command, APT, ["update"]));
      const installs = commands.some((command) => isCall(command, APT, ["install", "upgrade", "dist-upgrade"]));
      if (
        !stage.kept ||
        update === undefined ||
        !installs ||
        staysOut(line, "/var/lib/apt/lists") ||
        commands.some(cleansLists)
      )
        return undefined;
      return { ...atCommand(line, update), message: "what apt-get update fetched stays in the layer" };
    }),
  },
];

function aptCaches(line: LintLine): ReturnType<typeof mountsOf> {
  return mountsOf(line).filter(
    ({ type, target }) => type === "cache" && /^\/var\/(?:cache|lib)\/apt(?:\/|$)/.test(target),
  );
}

function cleansLists(command: ShellCommand): boolean {
  if (isCall(command, APT, ["dist-clean", "distclean"])) return true;
  return (
    ["rm", "find"].includes(programOf(command)) &&
    command.words.some(({ value }) => /^\/var\/lib\/apt(?:\/|$)/.test(value))
  );
}
