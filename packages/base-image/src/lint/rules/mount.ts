import { lastBefore } from "../history.ts";
import type { LintLine } from "../lint-file.ts";
import { mountsOf } from "../mounts.ts";
import { at, inLines, type Rule } from "../rule.ts";

const FROM = "FROM ruby:3.4-slim-trixie\n";

/** Rules about RUN --mount. */
export const MOUNT_RULES: readonly Rule[] = [
  {
    code: "cache-mount-hides-result",
    kind: "lint",
    severity: "error",
    title: "What is installed goes into a cache mount",
    reason: "A cache mount is not part of the image: the folder is empty in the container.",
    remedy: "Mount the manager's cache, /root/.npm or /usr/local/bundle/cache, and leave the result in the image.",
    link: "https://docs.docker.com/reference/dockerfile/#run---mounttypecache",
    also: [],
    bad: { text: `${FROM}RUN --mount=type=cache,target=/app/node_modules npm ci --cache /tmp/npm\n`, line: 2 },
    good: `${FROM}RUN --mount=type=cache,target=/root/.npm npm ci\n`,
    find: inLines(["RUN"], (line) =>
      mountsOf(line)
        .filter(
          ({ type, target }) =>
            type === "cache" && /\/(?:node_modules|vendor\/bundle|usr\/local\/bundle|public\/assets)$/.test(target),
        )
        .filter(({ target }) => !isCopiedOut(line, target))
        .map(({ flag, target }) => ({ ...at(line, flag), message: `${target} is not in the image` })),
    ),
  },
  {
    code: "cache-mount-owner",
    kind: "lint",
    severity: "warning",
    title: "A cache mount that the user may not write to",
    reason:
      "A cache mount belongs to root unless it says otherwise; another user's install fails, or goes on without it.",
    remedy: "Add uid= and gid= with the user's numbers.",
    link: "https://docs.docker.com/reference/dockerfile/#run---mounttypecache",
    also: [],
    bad: {
      text: "FROM registry.example.com/base:1\nUSER 1000\nRUN --mount=type=cache,target=/app/.cache make\n",
      line: 3,
    },
    good: "FROM registry.example.com/base:1\nUSER 1000\nRUN --mount=type=cache,target=/app/.cache,uid=1000 make\n",
    find: inLines(["RUN"], (line) => {
      const user = lastBefore(line, "USER")?.words[0]?.text ?? "root";
      if (/^(?:root|0)(?::|$)|\$/.test(user)) return undefined;
      return mountsOf(line)
        .filter(({ type, keys }) => type === "cache" && !keys.has("uid") && !keys.has("mode") && !keys.has("from"))
        .map(({ flag, target }) => ({
          ...at(line, flag),
          message: `${target} belongs to root, and this runs as ${user}`,
        }));
    }),
  },
];

function isCopiedOut(line: LintLine, target: string): boolean {
  const name = target.replace(/^.*\//, "");
  return line.shell.commands.some(({ words: [program, ...words] }) => {
    return (
      ["cp", "mv", "rsync", "tar"].includes(program?.value ?? "") && words.some(({ value }) => value.includes(name))
    );
  });
}
