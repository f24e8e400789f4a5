import { argumentsOf, hasFlag, isCall, operandsOf, programOf } from "../command-words.ts";
import type { LintLine } from "../lint-file.ts";
import { staysOut } from "../mounts.ts";
import { inCommands, type Rule } from "../rule.ts";
import type { ShellCommand } from "../shell-command.ts";
import { isSetBefore, someBefore, valueBefore } from "../history.ts";

const FROM = "FROM ruby:3.4-slim-trixie\n";
const FROZEN = 'ENV BUNDLE_DEPLOYMENT="1"\n';

/** Flags that `bundle install` writes to the configuration behind one's back; Bundler 4 has them no more. */
const REMEMBERED = /^--(?:deployment|path|without|with|frozen|system|clean|no-prune)(?:=|$)/;

/** Rules about gems and Bundler. */
export const RUBY_RULES: readonly Rule[] = [
  {
    code: "gem-unpinned",
    kind: "lint",
    severity: "warning",
    title: "A gem without a version",
    reason: "The version is that of the day: the same commit builds another image tomorrow.",
    remedy: "Write GEM:VERSION, or --version; what the application needs belongs into its Gemfile.",
    link: "https://github.com/hadolint/hadolint/wiki/DL3028",
    also: ["DL3028"],
    bad: { text: `${FROM}RUN gem install foreman\n`, line: 2 },
    good: `${FROM}RUN gem install foreman:0.90.0\n`,
    find: inCommands((command) => {
      if (!isCall(command, ["gem"], ["install", "i"]) || hasFlag(command, "-v", "--version")) return undefined;
      const open = argumentsOf(command).find(({ value }) => /^[\w-]+$/.test(value));
      return open === undefined ? undefined : { message: `${open.value} has no version`, word: open };
    }),
  },
  {
    code: "gem-update-system",
    kind: "lint",
    severity: "warning",
    title: "RubyGems or Bundler of the day",
    reason: "`gem update` takes the newest there is; one morning it needs a newer ruby, and the build fails.",
    remedy: "Write the version: gem update --system VERSION; Bundler follows BUNDLED WITH of Gemfile.lock by itself.",
    link: "https://github.com/rubygems/rubygems#readme",
    also: [],
    bad: { text: `${FROM}RUN gem update --system\n`, line: 2 },
    good: `${FROM}RUN gem update --system 3.7.2\n`,
    find: inCommands((command) => {
      if (!isCall(command, ["gem"], ["update"])) return undefined;
      const pinned = hasFlag(command, "--system") && argumentsOf(command).some(({ value }) => /^\d|\$/.test(value));
      return pinned ? undefined : "gem update takes the newest version there is";
    }),
  },
  {
    code: "bundle-not-frozen",
    kind: "lint",
    severity: "warning",
    title: "bundle install that may change the lock",
    reason: "With a Gemfile that does not fit its lock it resolves anew, and the image gets gems nobody tested.",
    remedy: "Set ENV BUNDLE_DEPLOYMENT=1, or BUNDLE_FROZEN=1, before.",
    link: "https://bundler.io/man/bundle-config.1.html",
    also: [],
    bad: {
      text: `${FROM}COPY Gemfile Gemfile.lock /app/\nRUN bundle install && rm -rf /usr/local/bundle/cache\n`,
      line: 3,
    },
    good: `${FROM}${FROZEN}COPY Gemfile Gemfile.lock /app/\nRUN bundle install && rm -rf /usr/local/bundle/cache\n`,
    find: inCommands((command, line, stage) => {
      // another base may have set it
      if (stage.official === undefined || !isInstall(command) || isDevelopment(line)) return undefined;
      const names = ["BUNDLE_DEPLOYMENT", "BUNDLE_FROZEN"];
      const assigned = command.assignments.some(({ raw }) => names.some((name) => raw.startsWith(`${name}=`)));
      if (assigned || names.some((name) => isSetBefore(line, name)) || hasFlag(command, "--deployment", "--frozen")) {
        return undefined;
      }
      return isConfigured(line) ? undefined : "this may resolve other versions than Gemfile.lock has";
    }),
  },
  {
    code: "bundle-cache-left",
    kind: "lint",
    severity: "warning",
    title: "Bundler's cache left in the image",
    reason: "Beside each gem stays the archive it came from, and the history of those from git.",
    remedy: 'End the RUN with rm -rf ~/.bundle "$BUNDLE_PATH"/ruby/*/cache, or copy only the gems to the last stage.',
    link: "https://github.com/rails/rails/blob/main/railties/lib/rails/generators/rails/app/templates/Dockerfile.tt",
    also: [],
    bad: { text: `${FROM}${FROZEN}RUN bundle install\n`, line: 3 },
    good: `${FROM}${FROZEN}RUN bundle install && rm -rf ~/.bundle "$BUNDLE_PATH"/ruby/*/cache\n`,
    find: inCommands((command, line, stage) => {
      if (!stage.kept || stage.official === undefined || !isInstall(command) || isDevelopment(line)) return undefined;
      const removed = line.shell.commands.some((other) => {
        return ["rm", "find"].includes(programOf(other)) && other.words.some(({ value }) => /cache|bundle/.test(value));
      });
      const out = staysOut(line, "/usr/local/bundle/cache") || staysOut(line, "/root/.bundle/cache");
      return removed || out || hasFlag(command, "--no-cache")
        ? undefined
        : "the archives of all gems stay in the layer";
    }),
  },
  {
    code: "bundle-remembered-flag",
    kind: "lint",
    severity: "warning",
    title: "A flag of bundle install that Bundler 4 has no more",
    reason:
      "These flags were silently written to .bundle/config, so they changed every later command; Bundler 4 refuses them.",
    remedy: "Set it as a variable: ENV BUNDLE_DEPLOYMENT=1, BUNDLE_PATH, BUNDLE_WITHOUT=development:test.",
    link: "https://github.com/ruby/rubygems/blob/master/doc/bundler/UPGRADING.md",
    also: [],
    bad: {
      text: `${FROM}${FROZEN}RUN bundle install --without development && rm -rf /usr/local/bundle/cache\n`,
      line: 3,
    },
    good: `${FROM}${FROZEN}ENV BUNDLE_WITHOUT=development\nRUN bundle install && rm -rf /usr/local/bundle/cache\n`,
    find: inCommands((command) => {
      if (!isInstall(command)) return undefined;
      const word = command.words.find(({ value }) => REMEMBERED.test(value));
      return word === undefined ? undefined : { message: `${word.value} is remembered, and gone in Bundler 4`, word };
    }),
  },
];

function isInstall(command: ShellCommand): boolean {
  if (programOf(command) !== "bundle") return false;
  const [verb] = operandsOf(command);
  return verb === undefined ? command.words.length === 1 : verb.value === "install";
}

/** An image to develop in is meant to follow the Gemfile. */
function isDevelopment(line: LintLine): boolean {
  const values = ["RAILS_ENV", "RACK_ENV", "APP_ENV", "NODE_ENV"].map((name) => valueBefore(line, name));
  return values.includes("development") || /dev/.test(line.stage.name ?? "");
}

function isConfigured(line: LintLine): boolean {
  return sets(line) || someBefore(line, "RUN", sets);
}

function sets({ shell }: LintLine): boolean {
  return shell.commands.some(({ words }) => {
    const [program, verb, ...more] = words.map(({ value }) => value);
    return program === "bundle" && verb === "config" && more.some((word) => /^(?:deployment|frozen)$/.test(word));
  });
}
