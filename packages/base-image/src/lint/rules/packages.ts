import { argumentsOf, hasFlag, isCall, operandsOf, programOf } from "../command-words.ts";
import type { LintLine } from "../lint-file.ts";
import { staysOut } from "../mounts.ts";
import { atCommand, inCommands, inLines, type Rule } from "../rule.ts";
import { valueBefore } from "../history.ts";

const RPM = ["yum", "dnf", "microdnf", "zypper"];
const CLEAN = /^(?:clean|cleanup)$/;
const DIGEST = `@sha256:${"0f".repeat(32)}`;

/** Rules about the other package managers. */
export const PACKAGE_RULES: readonly Rule[] = [
  {
    code: "apk-cache-left",
    kind: "lint",
    severity: "warning",
    title: "apk's index left in the image",
    reason: "Without --no-cache the index of all packages stays in the layer.",
    remedy: "Add --no-cache, which needs no apk update before it either.",
    link: "https://github.com/hadolint/hadolint/wiki/DL3019",
    also: ["DL3019"],
    bad: { text: "FROM alpine:3.22\nRUN apk add git\n", line: 2 },
    good: "FROM alpine:3.22\nRUN apk add --no-cache git\n",
    find: inCommands((command, line, stage) => {
      if (!isCall(command, ["apk"], ["add"]) || !stage.kept || hasFlag(command, "--no-cache")) return undefined;
      const removed = line.shell.commands.some(
        (other) => programOf(other) === "rm" && other.words.some(({ value }) => value.startsWith("/var/cache/apk")),
      );
      const mounted = staysOut(line, "/var/cache/apk") || staysOut(line, "/etc/apk/cache");
      return removed || mounted ? undefined : "the index stays in the layer";
    }),
  },
  {
    code: "apk-upgrade",
    kind: "lint",
    severity: "warning",
    title: "Everything upgraded in the build",
    reason: "The result depends on the day of the build, and is cached unnoticed.",
    remedy: "Take a newer base; upgrade single packages by name.",
    link: "https://github.com/hadolint/hadolint/wiki/DL3017",
    also: ["DL3017"],
    bad: { text: "FROM alpine:3.22\nRUN apk upgrade --no-cache\n", line: 2 },
    good: "FROM alpine:3.22\nRUN apk add --no-cache --upgrade openssl\n",
    find: inCommands((command) =>
      isCall(command, ["apk"], ["upgrade"]) && argumentsOf(command).length === 0
        ? "every package becomes that of the day"
        : undefined,
    ),
  },
  {
    code: "apk-unpinned",
    kind: "lint",
    severity: "info",
    pedantic: true,
    title: "An Alpine package without a version",
    reason: "The version is that of the day. A pinned one, though, is gone from the mirror after the next update.",
    remedy: "Write PACKAGE=VERSION, or PACKAGE~VERSION; or keep the base's digest and leave it.",
    link: "https://github.com/hadolint/hadolint/wiki/DL3018",
    also: ["DL3018"],
    bad: { text: `FROM alpine:3.22${DIGEST}\nRUN apk add --no-cache git\nHEALTHCHECK NONE\n`, line: 2 },
    good: `FROM alpine:3.22${DIGEST}\nRUN apk add --no-cache git~2.49\nHEALTHCHECK NONE\n`,
    find: inCommands((command) => {
      if (!isCall(command, ["apk"], ["add"])) return undefined;
      const open = argumentsOf(command).find(({ value }) => /^[a-z0-9][\w.+-]*$/.test(value));
      return open === undefined ? undefined : { message: `${open.value} has no version`, word: open };
    }),
  },
  {
    code: "rpm-without-yes",
    kind: "lint",
    severity: "error",
    title: "A package manager that asks",
    reason: "There is nobody to answer: the build ends at the question.",
    remedy: "Add -y; for zypper --non-interactive before the verb, or -y behind it.",
    link: "https://github.com/hadolint/hadolint/wiki/DL3038",
    also: ["DL3030", "DL3034", "DL3038"],
    bad: { text: "FROM fedora:43\nRUN dnf install git && dnf clean all\n", line: 2 },
    good: "FROM fedora:43\nRUN dnf install -y git && dnf clean all\n",
    find: inCommands((command) => {
      if (!isCall(command, RPM, ["install", "in", "update", "upgrade", "remove", "groupinstall"])) return undefined;
      const answered = hasFlag(command, "-y", "--assumeyes", "--no-confirm", "-n", "--non-interactive");
      return answered ? undefined : `${programOf(command)} asks before it goes on`;
    }),
  },
  {
    code: "rpm-cache-left",
    kind: "lint",
    severity: "warning",
    title: "A package manager's cache left in the image",
    reason: "Metadata and packages stay in the layer; a running container never reads them.",
    remedy: "End the RUN with `clean all`, or mount a cache over /var/cache.",
    link: "https://github.com/hadolint/hadolint/wiki/DL3040",
    also: ["DL3032", "DL3036", "DL3040"],
    bad: { text: "FROM fedora:43\nRUN dnf install -y git\n", line: 2 },
    good: "FROM fedora:43\nRUN dnf install -y git && dnf clean all\n",
    find: inLines(["RUN"], (line, stage) => {
      const { commands } = line.shell;
      const install = commands.find((command) => isCall(command, RPM, ["install", "in", "update", "upgrade"]));
      if (install === undefined || !stage.kept) return undefined;
      const program = programOf(install);
      const cleaned = commands.some((command) => {
        if (programOf(command) === "rm") return command.words.some(({ value }) => value.startsWith("/var/cache/"));
        return RPM.includes(programOf(command)) && operandsOf(command).some(({ value }) => CLEAN.test(value));
      });
      if (cleaned || staysOut(line, `/var/cache/${program === "zypper" ? "zypp" : program}`)) return undefined;
      return { ...atCommand(line, install), message: `${program}'s cache stays in the layer` };
    }),
  },
  {
    code: "zypper-dist-upgrade",
    kind: "lint",
    severity: "warning",
    title: "A whole distribution upgraded in the build",
    reason: "The image is another distribution than its base says, and another one each day.",
    remedy: "Take the base of the release that is wanted.",
    link: "https://github.com/hadolint/hadolint/wiki/DL3035",
    also: ["DL3035"],
    bad: { text: "FROM opensuse/leap:16.0\nRUN zypper -n dist-upgrade\n", line: 2 },
    good: "FROM opensuse/leap:16.0\nRUN zypper -n install git && zypper clean\n",
    find: inCommands((command) =>
      isCall(command, ["zypper"], ["dist-upgrade", "dup"]) ? "the distribution becomes that of the day" : undefined,
    ),
  },
  {
    code: "pip-cache-left",
    kind: "lint",
    severity: "warning",
    title: "pip's cache left in the image",
    reason: "Every downloaded package is kept a second time below ~/.cache/pip.",
    remedy: "Add --no-cache-dir, or mount a cache at /root/.cache/pip.",
    link: "https://github.com/hadolint/hadolint/wiki/DL3042",
    also: ["DL3042"],
    bad: { text: "FROM python:3.13-slim\nRUN pip install -r requirements.txt\n", line: 2 },
    good: "FROM python:3.13-slim\nRUN pip install --no-cache-dir -r requirements.txt\n",
    find: inCommands((command, line, stage) => {
      if (!stage.kept || !isCall(command, ["pip", "pip3"], ["install"]) || hasFlag(command, "--no-cache-dir")) {
        return undefined;
      }
      if (switchedOff(line, "PIP_NO_CACHE_DIR") || staysOut(line, "/root/.cache/pip")) return undefined;
      return "what pip downloads stays in the layer";
    }),
  },
  {
    code: "pip-unpinned",
    kind: "lint",
    severity: "warning",
    title: "A Python package without a version",
    reason: "The version is that of the day: the same commit builds another image tomorrow.",
    remedy: "Write PACKAGE==VERSION, or install from a file of requirements.",
    link: "https://github.com/hadolint/hadolint/wiki/DL3013",
    also: ["DL3013"],
    bad: { text: "FROM python:3.13-slim\nRUN pip install --no-cache-dir poetry\n", line: 2 },
    good: "FROM python:3.13-slim\nRUN pip install --no-cache-dir poetry==2.2.1\n",
    find: inCommands((command) => {
      if (!isCall(command, ["pip", "pip3"], ["install"])) return undefined;
      const open = argumentsOf(command).find(({ value }) => /^[A-Za-z][\w.-]*(?:\[[^\]]*\])?$/.test(value));
      const file = open === undefined || /\.(?:whl|gz|zip|txt)$/.test(open.value);
      return file || hasFlag(command, "-c", "--constraint") || ["pip", "setuptools", "wheel"].includes(open.value)
        ? undefined
        : { message: `${open.value} has no version`, word: open };
    }),
  },
  {
    code: "go-install-latest",
    kind: "lint",
    severity: "warning",
    title: "A Go program that is the latest one",
    reason: "The version is that of the day: the same commit builds another image tomorrow.",
    remedy: "Write PATH@VERSION.",
    link: "https://go.dev/ref/mod#go-install",
    also: ["DL3062"],
    bad: { text: "FROM golang:1.25\nRUN go install golang.org/x/tools/cmd/stringer@latest\n", line: 2 },
    good: "FROM golang:1.25\nRUN go install golang.org/x/tools/cmd/stringer@v0.38.0\n",
    find: inCommands((command) => {
      const open = argumentsOf(command).find(({ value }) => value.endsWith("@latest"));
      return isCall(command, ["go"], ["install", "get"]) && open !== undefined
        ? { message: `${open.value} is whatever is newest when it is built`, word: open }
        : undefined;
    }),
  },
];

function switchedOff(line: LintLine, variable: string): boolean {
  const value = valueBefore(line, variable);
  return value !== undefined && !["0", "false", "no", "off", ""].includes(value.toLowerCase());
}
