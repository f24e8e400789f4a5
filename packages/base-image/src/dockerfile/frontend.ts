import type { Command, Instruction } from "./instruction.ts";
import { variablesIn } from "./instruction.ts";
import { partsOf, variablesOf } from "./text.ts";

/** A part of the language that not every reader of Dockerfiles has. */
export interface Feature {
  readonly name: string;
  /** The first version of `docker/dockerfile` that reads it. */
  readonly frontend: string;
  /** The first version ending in `-labs` that does, where that is an earlier one. */
  readonly labs?: string;
  /** The first Docker Engine that does what it says, where that is another question. */
  readonly engine?: string;
  readonly isUsedBy: (instruction: Instruction) => boolean;
  /** What means the same to a reader that does not know it, where there is such a thing. */
  readonly without?: (instruction: Instruction, shell: readonly string[]) => Instruction | undefined;
}

/**
 * Every feature that is younger than the language, the oldest first.
 * @see https://docs.docker.com/build/buildkit/dockerfile-release-notes/
 * @see https://github.com/moby/buildkit/releases/tag/dockerfile%2F1.20.0
 * @see https://github.com/moby/buildkit/releases/tag/dockerfile%2F1.27.0
 */
export const FEATURES: readonly Feature[] = [
  { name: "RUN --mount", frontend: "1.2", isUsedBy: (it) => it.instruction === "RUN" && has(it.mounts) },
  { name: "--chmod", frontend: "1.2", isUsedBy: (it) => isCopy(it) && it.chmod !== undefined },
  { name: "RUN --network", frontend: "1.3", isUsedBy: (it) => it.instruction === "RUN" && it.network !== undefined },
  {
    name: "a variable in a mount",
    frontend: "1.3",
    isUsedBy: (it) => it.instruction === "RUN" && variablesIn(it).length > 0,
  },
  {
    name: "--link",
    frontend: "1.4",
    isUsedBy: (it) => isCopy(it) && it.link === true,
    without: (it) => (isCopy(it) ? { ...it, link: false } : undefined),
  },
  { name: "heredocs", frontend: "1.4", labs: "1.3", isUsedBy: hasBody, without: withoutBody },
  {
    name: "HEALTHCHECK --start-interval",
    frontend: "1.6",
    engine: "25.0",
    isUsedBy: (it) => it.instruction === "HEALTHCHECK" && it.startInterval !== undefined,
  },
  {
    name: "ADD --checksum",
    frontend: "1.6",
    labs: "1.5",
    isUsedBy: (it) => it.instruction === "ADD" && it.checksum !== undefined,
  },
  {
    name: "ADD --keep-git-dir",
    frontend: "1.6",
    labs: "1.5",
    isUsedBy: (it) => it.instruction === "ADD" && it.keepGitDir === true,
  },
  {
    name: "the modifiers - + and ? without a colon",
    frontend: "1.6",
    isUsedBy: (it) => variablesIn(it).some(({ modifier }) => /^[-+?]$/.test(modifier?.operator ?? "")),
  },
  {
    name: "the modifiers # % and /",
    frontend: "1.7",
    isUsedBy: (it) => variablesIn(it).some(({ modifier }) => /^[#%/]/.test(modifier?.operator ?? "")),
  },
  {
    name: "RUN --mount=type=secret,env=",
    frontend: "1.10",
    isUsedBy: (it) =>
      it.instruction === "RUN" && (it.mounts ?? []).some((mount) => mount.type === "secret" && mount.env !== undefined),
  },
  {
    name: "a variable in --chmod",
    frontend: "1.10",
    isUsedBy: (it) => isCopy(it) && it.chmod !== undefined && variablesOf(it.chmod).length > 0,
  },
  {
    name: "a --chmod in letters",
    frontend: "1.14",
    labs: "1.11",
    isUsedBy: (it) => isCopy(it) && it.chmod !== undefined && /[a-z]/i.test(literal(it.chmod)),
  },
  { name: "ADD --unpack", frontend: "1.17", isUsedBy: (it) => it.instruction === "ADD" && it.unpack !== undefined },
  { name: "--exclude", frontend: "1.19", labs: "1.7", isUsedBy: (it) => isCopy(it) && has(it.exclude) },
  {
    name: "COPY --parents",
    frontend: "1.20",
    labs: "1.7",
    isUsedBy: (it) => it.instruction === "COPY" && it.parents === true,
  },
  {
    name: "RUN --security",
    frontend: "1.20",
    labs: "1.1",
    isUsedBy: (it) => it.instruction === "RUN" && it.security !== undefined,
  },
  {
    name: "RUN --device",
    frontend: "1.27",
    labs: "1.14",
    isUsedBy: (it) => it.instruction === "RUN" && has(it.devices),
  },
];

/** What one instruction uses; an ONBUILD what its trigger does. */
export function featuresOf(instruction: Instruction): readonly Feature[] {
  if (instruction.instruction === "ONBUILD") return featuresOf(instruction.trigger);
  return FEATURES.filter(({ isUsedBy }) => isUsedBy(instruction));
}

/** The lowest frontend that reads all of these instructions. */
export function lowestFrontend(instructions: Iterable<Instruction>): string {
  let lowest = "1.0";
  for (const instruction of instructions) {
    for (const { frontend } of featuresOf(instruction)) if (isOlder(lowest, frontend)) lowest = frontend;
  }
  return lowest;
}

/** Whether a version is lower: `1.9` than `1.10`. */
export function isOlder(version: string, than: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [otherMajor = 0, otherMinor = 0] = than.split(".").map(Number);
  return major < otherMajor || (major === otherMajor && minor < otherMinor);
}

function isCopy(it: Instruction): it is Extract<Instruction, { readonly instruction: "COPY" | "ADD" }> {
  return it.instruction === "COPY" || it.instruction === "ADD";
}

function has(list: readonly unknown[] | undefined): boolean {
  return list !== undefined && list.length > 0;
}

function hasBody(it: Instruction): boolean {
  if (isCopy(it)) return has(it.files);
  return (
    it.instruction === "RUN" &&
    (it.command.form === "script" || (it.command.form === "shell" && has(it.command.heredocs)))
  );
}

/** A script as the one argument of a shell: what BuildKit does with it too, unless it names its own program. */
function withoutBody(it: Instruction, shell: readonly string[]): Instruction | undefined {
  if (it.instruction !== "RUN" || it.command.form !== "script" || it.command.body.startsWith("#!")) return undefined;
  const command: Command = { form: "exec", words: [...shell, it.command.body] };
  return { ...it, command };
}

function literal(text: Parameters<typeof partsOf>[0]): string {
  return partsOf(text)
    .filter((part) => typeof part === "string")
    .join("");
}
