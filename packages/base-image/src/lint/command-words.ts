import type { ShellCommand, ShellWord } from "./shell-command.ts";

/** Programs that run the program named after them. */
const PREFIXES = new Set(["exec", "command", "env", "sudo", "nice", "time", "gosu", "setpriv"]);

/** The words from the program on: what comes before it, as in `env A=1 bundle install`, is left out. */
function fromProgram(command: ShellCommand): readonly ShellWord[] {
  const start = command.words.findIndex(
    ({ value }) => !PREFIXES.has(value) && !value.startsWith("-") && !/^[A-Za-z_]\w*=/.test(value),
  );
  return start === -1 ? [] : command.words.slice(start);
}

/** The name of the program a command runs, without its folder; `""` where it runs none. */
export function programOf(command: ShellCommand): string {
  return (fromProgram(command)[0]?.value ?? "").replace(/^.*\//, "");
}

/** The arguments that are neither flags nor, for the flags named, their values. */
export function operandsOf(command: ShellCommand, flagsWithValue: readonly string[] = []): readonly ShellWord[] {
  const words = fromProgram(command).slice(1);
  return words.filter(({ value }, index) => {
    const before = words[index - 1]?.value ?? "";
    return !(value.length > 1 && value.startsWith("-")) && !flagsWithValue.includes(before);
  });
}

/** Whether a command has one of these flags: `-y` also within `-qy`, `--yes` also as `--yes=true`. */
export function hasFlag(command: ShellCommand, ...flags: readonly string[]): boolean {
  return fromProgram(command).some(({ value }) =>
    flags.some((flag) => {
      if (flag.startsWith("--")) return value === flag || value.startsWith(`${flag}=`);
      return flag.length === 2 ? /^-[A-Za-z]+$/.test(value) && value.includes(flag.charAt(1)) : value === flag;
    }),
  );
}

/** Whether a command is `PROGRAM … VERB …`, the verb being its first argument that is no flag. */
export function isCall(command: ShellCommand, programs: readonly string[], verbs: readonly string[]): boolean {
  if (!programs.includes(programOf(command))) return false;
  const [verb] = operandsOf(command, VALUED[programOf(command)] ?? []);
  return verbs.includes(verb?.value ?? "");
}

/** What a `PROGRAM VERB` is given: the operands behind the verb. */
export function argumentsOf(command: ShellCommand): readonly ShellWord[] {
  return operandsOf(command, VALUED[programOf(command)] ?? []).slice(1);
}

/** Flags whose value is a word of its own, by program. */
const VALUED: Readonly<Record<string, readonly string[]>> = {
  "apt-get": ["-o", "--option", "-c", "--config-file", "-t", "--target-release", "-a", "--host-architecture"],
  apt: ["-o", "--option", "-t", "--target-release"],
  apk: ["--virtual", "-t", "--repository", "-X", "--root", "-p", "--arch", "--keys-dir", "--repositories-file"],
  dnf: ["--setopt", "--enablerepo", "--disablerepo", "--releasever", "--installroot"],
  yum: ["--setopt", "--enablerepo", "--disablerepo", "--releasever", "--installroot"],
  pip: ["-r", "--requirement", "-c", "--constraint", "-i", "--index-url", "--extra-index-url", "-t", "--target", "-f"],
  pip3: ["-r", "--requirement", "-c", "--constraint", "-i", "--index-url", "--extra-index-url", "-t", "--target", "-f"],
  gem: ["-v", "--version", "-i", "--install-dir", "-n", "--bindir", "--source", "-s", "-P", "--platform"],
  npm: ["--prefix", "--registry", "--cache", "-w", "--workspace", "--omit", "--include"],
  yarn: ["--cwd", "--cache-folder", "--network-timeout", "--modules-folder"],
  pnpm: ["--dir", "-C", "--filter", "-F", "--store-dir"],
  bundle: ["--jobs", "-j", "--retry", "--path", "--without", "--with", "--gemfile"],
  go: [],
};
