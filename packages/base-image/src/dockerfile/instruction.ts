import { mountTexts, type Mount } from "./mount.ts";
import { variablesOf, type BuildArg, type Text, type Variable } from "./text.ts";

/** A body that stands in the Dockerfile itself, below the instruction that names it. */
export interface Heredoc {
  /** The delimiter without its quotes; where a COPY has a folder as its target it is the name of the file. */
  readonly name: string;
  /** The lines as they stand in the file, each with its line end. */
  readonly body: string;
  /** Whether the delimiter was bare: BuildKit (COPY, ADD) or the shell (RUN) then expands variables in the body. */
  readonly expand: boolean;
  /** `<<-`: tabs at the beginning of a line are not part of the body. */
  readonly stripTabs?: boolean;
  /** The file descriptor before `<<`. */
  readonly fd?: number;
}

/** What a RUN, ENTRYPOINT, CMD or HEALTHCHECK runs. BuildKit expands nothing in it. */
export type Command =
  /** Text for the shell, with the bodies its `<<` markers name. */
  | { readonly form: "shell"; readonly text: string; readonly heredocs?: readonly Heredoc[] }
  /** The words of a program. */
  | { readonly form: "exec"; readonly words: readonly string[] }
  /** A RUN that is nothing but a heredoc: the body is the script, without the tabs that `<<-` takes off. */
  | { readonly form: "script"; readonly body: string };

/** `FROM [--platform=…] IMAGE [AS NAME]`; the image may be the name of an earlier stage. */
export interface FromInstruction {
  readonly instruction: "FROM";
  readonly image: Text;
  readonly platform?: Text;
  readonly name?: string;
}

/** `ARG NAME[=VALUE]…` */
export interface ArgInstruction {
  readonly instruction: "ARG";
  readonly args: readonly { readonly name: string; readonly value?: Text }[];
}

/** `ENV` and `LABEL`: one or several pairs. */
export interface PairsInstruction {
  readonly instruction: "ENV" | "LABEL";
  readonly pairs: readonly { readonly key: Text; readonly value: Text }[];
}

/** `RUN --device`: a device of the Container Device Interface. */
export interface Device {
  readonly name: string;
  readonly required?: boolean;
}

/** `RUN` */
export interface RunInstruction {
  readonly instruction: "RUN";
  readonly command: Command;
  readonly mounts?: readonly Mount[];
  readonly network?: "default" | "none" | "host";
  readonly security?: "sandbox" | "insecure";
  readonly devices?: readonly Device[];
}

/** What `COPY` and `ADD` share. Sources are patterns of Go's `filepath.Match`; paths come before bodies. */
export interface CopyFields {
  readonly sources: readonly Text[];
  readonly files?: readonly Heredoc[];
  readonly target: Text;
  readonly chown?: Text;
  readonly chmod?: Text;
  readonly link?: boolean;
  /** Patterns of .dockerignore; nothing in them expands. */
  readonly exclude?: readonly string[];
}

/** `COPY`; `from` is the name of a stage, an image or a named context, in which nothing expands. */
export interface CopyInstruction extends CopyFields {
  readonly instruction: "COPY";
  readonly from?: string;
  readonly parents?: boolean;
}

/** `ADD`; sources may be URLs and git repositories. */
export interface AddInstruction extends CopyFields {
  readonly instruction: "ADD";
  readonly checksum?: Text;
  readonly keepGitDir?: boolean;
  /** Absent, BuildKit unpacks local archives and leaves downloaded ones as they are. */
  readonly unpack?: boolean;
}

/** Instructions of one word. */
export interface WordInstruction {
  readonly instruction: "WORKDIR" | "USER" | "STOPSIGNAL";
  readonly value: Text;
}

/** Instructions that list words. */
export interface ListInstruction {
  readonly instruction: "EXPOSE" | "VOLUME";
  readonly values: readonly Text[];
}

/** `ENTRYPOINT` and `CMD` */
export interface StartInstruction {
  readonly instruction: "ENTRYPOINT" | "CMD";
  readonly command: Command;
}

/** `HEALTHCHECK`; durations as Go writes them: `30s`, `1m30s`, `500ms`. */
export interface HealthcheckInstruction {
  readonly instruction: "HEALTHCHECK";
  /** `"none"` switches off what the base has. */
  readonly check: Command | "none";
  readonly interval?: string;
  readonly timeout?: string;
  readonly startPeriod?: string;
  readonly startInterval?: string;
  readonly retries?: number;
}

/** `SHELL`, in which nothing expands. */
export interface ShellInstruction {
  readonly instruction: "SHELL";
  readonly words: readonly string[];
}

/** `ONBUILD`: what a stage built from this image does first. */
export interface OnbuildInstruction {
  readonly instruction: "ONBUILD";
  readonly trigger: Instruction;
}

/**
 * Every instruction of the language, with what BuildKit makes of it: a built stage and a parsed file use the same values.
 * `MAINTAINER` is not one of them.
 * @see https://docs.docker.com/reference/dockerfile/
 */
export type Instruction =
  | FromInstruction
  | ArgInstruction
  | PairsInstruction
  | RunInstruction
  | CopyInstruction
  | AddInstruction
  | WordInstruction
  | ListInstruction
  | StartInstruction
  | HealthcheckInstruction
  | ShellInstruction
  | OnbuildInstruction;

/** The `ARG` of a build argument, without its default where that was given before the first FROM. */
export function declaration({ name, fallback }: BuildArg, bare = false): ArgInstruction {
  return { instruction: "ARG", args: [bare || fallback === undefined ? { name } : { name, value: fallback }] };
}

/** The variables BuildKit expands in an instruction, in the order they stand there. */
export function variablesIn(instruction: Instruction): readonly (BuildArg | Variable)[] {
  const variables: (BuildArg | Variable)[] = [];
  for (const text of textsOf(instruction)) variables.push(...variablesOf(text));
  return variables;
}

/** The build arguments among them, as a builder put them there. */
export function argsUsedBy(instruction: Instruction): readonly BuildArg[] {
  return variablesIn(instruction).filter((variable) => variable.kind === "arg");
}

/** The texts of an instruction in which BuildKit expands variables, but for heredoc bodies. */
export function textsOf(instruction: Instruction): readonly Text[] {
  if (instruction.instruction === "RUN") return instruction.mounts?.flatMap(mountTexts) ?? NO_TEXTS;
  if ("sources" in instruction) return [...instruction.sources, instruction.target, ...copyTexts(instruction)];
  if ("pairs" in instruction) return instruction.pairs.flatMap(({ key, value }) => [key, value]);
  if ("value" in instruction) return [instruction.value];
  if ("image" in instruction) return present(instruction.image, instruction.platform);
  if ("args" in instruction) return instruction.args.flatMap(({ value }) => present(value));
  if ("values" in instruction) return instruction.values;
  return "trigger" in instruction ? textsOf(instruction.trigger) : NO_TEXTS;
}

const NO_TEXTS: readonly Text[] = [];

/** The texts of the flags of a COPY or ADD. */
function copyTexts(copy: CopyInstruction | AddInstruction): readonly Text[] {
  return present(copy.chown, copy.chmod, copy.instruction === "ADD" ? copy.checksum : undefined);
}

function present(...texts: readonly (Text | undefined)[]): readonly Text[] {
  return texts.filter((text) => text !== undefined);
}
