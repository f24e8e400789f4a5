import type { Command, Instruction } from "./instruction.ts";
import { variablesIn } from "./instruction.ts";
import { partsOf } from "./text.ts";

/** A part of the language that not every reader of Dockerfiles has. */
export interface Feature {
  readonly name: string;
  /** The first version of `docker/dockerfile` that reads it. */
  readonly frontend: string;
  /** Only in the versions that end in `-labs`. */
  readonly labs?: true;
  /** The first Docker Engine that does what it says, where that is another question. */
  readonly engine?: string;
  readonly isUsedBy: (instruction: Instruction) => boolean;
  /** What means the same to a reader that does not know it, where there is such a thing. */
  readonly without?: (instruction: Instruction, shell: readonly string[]) => Instruction | undefined;
}

/**
 * Every feature that is younger than the language, the oldest first.
 * @see https://docs.docker.com/reference/dockerfile/
 * @see https://github.com/moby/buildkit/releases
 */
export const FEATURES: readonly Feature[] = [
  { name: "ADD --keep-git-dir", frontend: "1.1", isUsedBy: (it) => it.instruction === "ADD" && it.keepGitDir === true },
  { name: "RUN --mount", frontend: "1.2", isUsedBy: (it) => it.instruction === "RUN" && has(it.mounts) },
  { name: "--chmod", frontend: "1.2", isUsedBy: (it) => isCopy(it) && it.chmod !== undefined },
  { name: "RUN --network", frontend: "1.3", isUsedBy: (it) => it.instruction === "RUN" && it.network !== undefined },
  {
    name: "--link",
    frontend: "1.4",
    isUsedBy: (it) => isCopy(it) && it.link === true,
    without: (it) => (isCopy(it) ? { ...it, link: false } : undefined),
  },
  { name: "heredocs", frontend: "1.4", isUsedBy: hasBody, without: withoutBody },
  {
    name: "HEALTHCHECK --start-interval",
    frontend: "1.6",
    engine: "25.0",
    isUsedBy: (it) => it.instruction === "HEALTHCHECK" && it.startInterval !== undefined,
  },
  { name: "ADD --checksum", frontend: "1.6", isUsedBy: (it) => it.instruction === "ADD" && it.checksum !== undefined },
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
    name: "a --chmod in letters",
    frontend: "1.14",
    isUsedBy: (it) => isCopy(it) && it.chmod !== undefined && /[a-z]/i.test(literal(it.chmod)),
  },
  { name: "RUN --device", frontend: "1.14", labs: true, isUsedBy: (it) => it.instruction === "RUN" && has(it.devices) },
  { name: "ADD --unpack", frontend: "1.17", isUsedBy: (it) => it.instruction === "ADD" && it.unpack !== undefined },
  { name: "--exclude", frontend: "1.19", isUsedBy: (it) => isCopy(it) && has(it.exclude) },
  { name: "COPY --parents", frontend: "1.20", isUsedBy: (it) => it.instruction === "COPY" && it.parents === true },
  { name: "RUN --security", frontend: "1.20", isUsedBy: (it) => it.instruction === "RUN" && it.security !== undefined },
];

/** What one instruction uses; an ONBUILD what its trigger does. */
export function featuresOf(instruction: Instruction): readonly Feature[] {
  if (instruction.instruction === "ONBUILD") return featuresOf(instruction.trigger);
  return FEATURES.filter(({ isUsedBy }) => isUsedBy(instruction));
}

/** The lowest frontend that reads all of these instructions; `-labs` where one of them needs that. */
export function lowestFrontend(instructions: Iterable<Instruction>): string {
  let lowest = "1.0";
  let labs = false;
  for (const instruction of instructions) {
    for (const feature of featuresOf(instruction)) {
      if (isOlder(lowest, feature.frontend)) lowest = feature.frontend;
      labs ||= feature.labs === true;
    }
  }
  return labs ? `${lowest}-labs` : lowest;
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
