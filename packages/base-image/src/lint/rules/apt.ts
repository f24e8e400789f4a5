import { argumentsOf, hasFlag, isCall, programOf } from "../command-words.ts";
import { isMentionedBy } from "../history.ts";
import type { LintLine } from "../lint-file.ts";
import { staysOut } from "../mounts.ts";
import { at, atCommand, inCommands, inLines, type Rule } from "../rule.ts";
import type { ShellCommand } from "../shell-command.ts";
import { pairsOf } from "../variables.ts";

const APT = ["apt-get", "apt", "aptitude"];
const BEST = "https://docs.docker.com/build/building/best-practices/#apt-get";
const UPDATE = "RUN apt-get update && ";
const CLEAN = " && rm -rf /var/lib/apt/lists/*\n";
const FROM = "FROM debian:trixie-slim\n";

/** Rules about Debian's package manager. */
export const APT_RULES: readonly Rule[] = [
  {
    code: "apt-instead-of-apt-get",
    kind: "lint",
    severity: "warning",
    title: "apt in a script",
    reason: "apt is for people: its output and its flags change between releases.",
    remedy: "Use apt-get or apt-cache.",
    link: "https://manpages.debian.org/stable/apt/apt.8.en.html#SCRIPT_USAGE_AND_DIFFERENCES_FROM_OTHER_APT_TOOLS",
    also: ["DL3027"],
    bad: { text: `${FROM}RUN apt-get update && apt install -y --no-install-recommends git${CLEAN}`, line: 2 },
    good: `${FROM}${UPDATE}apt-get install -y --no-install-recommends git${CLEAN}`,
    find: inCommands((command) => (programOf(command) === "apt" ? "apt is not made for scripts" : undefined)),
  },
  {
    code: "apt-update-alone",
    kind: "lint",
    severity: "warning",
    title: "apt-get update in a RUN of its own",
    reason: "Its layer is cached: a later install takes the old lists, and asks for packages that are gone.",
    remedy: "Put update and install into one RUN.",
    link: BEST,
    also: [],
    bad: { text: `${FROM}RUN apt-get update && rm -rf /var/lib/apt/lists/*\n`, line: 2 },
    good: `${FROM}${UPDATE}apt-get install -y --no-install-recommends git${CLEAN}`,
    find: inLines(["RUN"], (line) => {
      const { commands } = line.shell;
      const update = commands.find((command) => isCall(command, APT, ["update"]));
      const user = commands.some(
        (command) => programOf(command).startsWith("apt") && !isCall(command, APT, ["update", "clean"]),
      );
      const other = commands.some((command) => /install|setup|\.sh$|^(?:ba)?sh$/.test(programOf(command)));
      // lists in a cache mount are not part of a layer
      if (update === undefined || user || other || listsStayOut(line)) return undefined;
      return { ...atCommand(line, update), message: "the lists are fetched, and used by no command of this RUN" };
    }),
  },
  {
    code: "apt-without-yes",
    kind: "lint",
    severity: "error",
    title: "apt-get that asks",
    reason: "There is nobody to answer: the build ends at the question.",
    remedy: "Add --yes.",
    link: BEST,
    also: ["DL3014"],
    bad: { text: `${FROM}${UPDATE}apt-get install --no-install-recommends git${CLEAN}`, line: 2 },
    good: `${FROM}${UPDATE}apt-get install --yes --no-install-recommends git${CLEAN}`,
    find: inCommands((command, line) => {
      if (
        !isCall(command, APT, ["install", "upgrade", "dist-upgrade", "full-upgrade", "remove", "purge", "autoremove"])
      )
        return undefined;
      const quiet = command.words.filter(({ value }) => /^-[a-z]*q/.test(value)).map(({ value }) => value);
      // two -q, or -q=2, imply --yes
      const silent = quiet.join("").replaceAll(/[^q]/g, "").length >= 2 || quiet.some((value) => value.includes("=2"));
      if (silent || hasFlag(command, "-y", "--yes", "--assume-yes", "--force-yes", "-s", "--dry-run")) return undefined;
      if (configured(command, line, /assume-yes/i)) return undefined;
      return "this asks before it goes on";
    }),
  },
  {
    code: "apt-recommends",
    kind: "lint",
    severity: "warning",
    title: "Recommended packages come along",
    reason:
      "What a package recommends, and what that recommends in turn, can be several times the size of the package.",
    remedy: "Add --no-install-recommends, and name what is really needed.",
    link: BEST,
    also: ["DL3015"],
    bad: { text: `${FROM}${UPDATE}apt-get install --yes git${CLEAN}`, line: 2 },
    good: `${FROM}${UPDATE}apt-get install --yes --no-install-recommends git${CLEAN}`,
    find: inCommands((command, line) => {
      if (!isCall(command, APT, ["install"]) || hasFlag(command, "--no-install-recommends")) return undefined;
      return configured(command, line, /install-recommends/i) ? undefined : "recommended packages are installed too";
    }),
  },
  {
    code: "apt-upgrade",
    kind: "lint",
    severity: "warning",
    title: "Everything upgraded in the build",
    reason:
      "The result depends on the day of the build, is doubled in size where a package was in the base already, and is cached unnoticed.",
    remedy: "Take a newer base; upgrade single packages by name.",
    link: BEST,
    also: ["DL3005"],
    bad: { text: `${FROM}${UPDATE}apt-get upgrade --yes${CLEAN}`, line: 2 },
    good: `${FROM}${UPDATE}apt-get install --yes --no-install-recommends openssl${CLEAN}`,
    find: inCommands((command) =>
      isCall(command, APT, ["upgrade", "dist-upgrade", "full-upgrade"])
        ? "every package becomes that of the day"
        : undefined,
    ),
  },
  {
    code: "apt-unauthenticated",
    kind: "lint",
    severity: "error",
    title: "Packages from anybody",
    reason: "Without signatures whoever is between the build and the mirror decides what is installed.",
    remedy: "Add the repository's key to /etc/apt/keyrings and name it with signed-by.",
    link: "https://manpages.debian.org/stable/apt/apt-secure.8.en.html",
    also: [],
    bad: {
      text: `${FROM}${UPDATE}apt-get install --yes --allow-unauthenticated --no-install-recommends git${CLEAN}`,
      line: 2,
    },
    good: `${FROM}${UPDATE}apt-get install --yes --no-install-recommends git${CLEAN}`,
    find: inCommands((command) => {
      const flag = command.words.find(({ value }) =>
        /^--(?:force-yes|allow-unauthenticated|allow-insecure-repositories)$/.test(value),
      );
      const apt = APT.includes(programOf(command));
      return apt && flag !== undefined
        ? { message: `${flag.value} installs what nobody signed`, word: flag }
        : undefined;
    }),
  },
  {
    code: "apt-key",
    kind: "lint",
    severity: "warning",
    title: "apt-key",
    reason: "A key added with apt-key may sign any package of any repository; trixie has the command no more.",
    remedy: "Write the key to /etc/apt/keyrings and name it in the source with signed-by.",
    link: "https://manpages.debian.org/bookworm/apt/apt-key.8.en.html#DEPRECATION",
    also: [],
    bad: { text: `${FROM}COPY key.asc /tmp/\nRUN apt-key add /tmp/key.asc\n`, line: 3 },
    good: `${FROM}COPY key.asc /etc/apt/keyrings/\n`,
    find: inCommands((command) =>
      programOf(command) === "apt-key" ? "apt-key trusts the key for everything" : undefined,
    ),
  },
  {
    code: "apt-unpinned",
    kind: "lint",
    severity: "info",
    pedantic: true,
    title: "A Debian package without a version",
    reason: "The version is that of the day. A pinned one, though, is gone from the mirror after the next update.",
    remedy: "Write PACKAGE=VERSION and take packages from a snapshot mirror; or keep the base's digest and leave it.",
    link: "https://github.com/hadolint/hadolint/wiki/DL3008",
    also: ["DL3008"],
    bad: {
      text: `FROM debian:trixie-slim@sha256:${"0f".repeat(32)}\n${UPDATE}apt-get install -y --no-install-recommends git${CLEAN}HEALTHCHECK NONE\n`,
      line: 2,
    },
    good: `FROM debian:trixie-slim@sha256:${"0f".repeat(32)}\n${UPDATE}apt-get install -y --no-install-recommends git=1:2.47.3-0+deb13u1${CLEAN}HEALTHCHECK NONE\n`,
    find: inCommands((command) => {
      if (!isCall(command, APT, ["install"])) return undefined;
      const open = argumentsOf(command).find(({ value }) => /^[a-z0-9][a-z0-9+.-]*$/.test(value));
      return open === undefined ? undefined : { message: `${open.value} has no version`, word: open };
    }),
  },
  {
    code: "apt-frontend-in-env",
    kind: "lint",
    severity: "warning",
    title: "DEBIAN_FRONTEND in the image",
    reason: "ENV stays: whoever installs something in a container later is not asked either.",
    remedy: "Write it before the command: RUN DEBIAN_FRONTEND=noninteractive apt-get …, or use ARG.",
    link: "https://docs.docker.com/build/building/best-practices/#env",
    also: [],
    bad: { text: `${FROM}ENV DEBIAN_FRONTEND=noninteractive\n`, line: 2 },
    good: `${FROM}ARG DEBIAN_FRONTEND=noninteractive\n`,
    find: inLines(["ENV"], (line, stage) =>
      pairsOf(line)
        .filter(({ key }) => key === "DEBIAN_FRONTEND" && stage.kept)
        .map((pair) => ({ ...at(line, pair), message: "DEBIAN_FRONTEND stays set in every container" })),
    ),
  },
];

function listsStayOut(line: LintLine): boolean {
  return staysOut(line, "/var/lib/apt/lists");
}

/** Whether an option is set by `-o`, or by a file of apt's configuration that this or an earlier instruction writes. */
function configured(command: ShellCommand, line: LintLine, option: RegExp): boolean {
  if (command.words.some(({ value }) => value.includes("=") && option.test(value))) return true;
  return isMentionedBy(line, new RegExp(`apt\\.conf[^]*${option.source}|${option.source}[^]*apt\\.conf`, "i"));
}
