import type { Mount } from "./mount.ts";
import { argsOf, type BuildArg, type Text } from "./text.ts";

/** What a RUN, ENTRYPOINT or CMD runs. */
export type Command =
  | { readonly form: "shell"; readonly text: Text }
  | { readonly form: "exec"; readonly words: readonly string[] }
  | { readonly form: "script"; readonly body: string };

/** `RUN` */
export interface RunInstruction {
  readonly instruction: "RUN";
  readonly command: Command;
  readonly mounts: readonly Mount[];
  readonly network?: "default" | "none" | "host";
  readonly args: readonly BuildArg[];
}

/** `COPY`; `from` is the name of a stage, an image or a named context. */
export interface CopyInstruction {
  readonly instruction: "COPY";
  readonly sources: readonly Text[];
  readonly target: Text;
  readonly from?: string;
  readonly chown?: Text;
  readonly chmod?: string;
  readonly link?: boolean;
}

/** `COPY` of a body that stands in the Dockerfile itself. */
export interface WriteInstruction {
  readonly instruction: "WRITE";
  readonly path: string;
  readonly body: string;
  readonly chown?: Text;
  readonly chmod?: string;
}

/** `ENV` and `LABEL`: one or several pairs. */
export interface PairsInstruction {
  readonly instruction: "ENV" | "LABEL";
  readonly pairs: Readonly<Record<string, Text>>;
}

/** Instructions of one word. */
export interface WordInstruction {
  readonly instruction: "WORKDIR" | "USER" | "STOPSIGNAL";
  readonly value: Text;
}

/** `EXPOSE` */
export interface ExposeInstruction {
  readonly instruction: "EXPOSE";
  readonly ports: readonly string[];
}

/** `ARG` placed by hand; arguments that are used get theirs without it. */
export interface ArgInstruction {
  readonly instruction: "ARG";
  readonly arg: BuildArg;
}

/** `ENTRYPOINT` and `CMD` */
export interface StartInstruction {
  readonly instruction: "ENTRYPOINT" | "CMD";
  readonly command: Command;
}

/** Lines beginning with `#`. */
export interface CommentInstruction {
  readonly instruction: "COMMENT";
  readonly text: string;
}

/** Everything that can stand in a stage after its `FROM`. */
export type Instruction =
  | RunInstruction
  | CopyInstruction
  | WriteInstruction
  | PairsInstruction
  | WordInstruction
  | ExposeInstruction
  | ArgInstruction
  | StartInstruction
  | CommentInstruction;

/** The build arguments an instruction needs declared before it. */
export function argsUsedBy(instruction: Instruction): readonly BuildArg[] {
  return textsOf(instruction)
    .flatMap((text) => argsOf(text))
    .concat(instruction.instruction === "RUN" ? instruction.args : []);
}

function textsOf(instruction: Instruction): readonly Text[] {
  const texts: Text[] = "chown" in instruction && instruction.chown !== undefined ? [instruction.chown] : [];
  if ("command" in instruction && instruction.command.form === "shell") texts.push(instruction.command.text);
  if ("sources" in instruction) texts.push(...instruction.sources, instruction.target);
  if ("pairs" in instruction) texts.push(...Object.values(instruction.pairs));
  if ("value" in instruction) texts.push(instruction.value);
  return texts;
}
