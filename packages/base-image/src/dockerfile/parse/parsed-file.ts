import type { Comment, DockerfileFile } from "../file.ts";
import type { Instruction } from "../instruction.ts";
import type { ParsedComment, ParsedDockerfile } from "./parsed.ts";

/** A file that was read, to be written again in the usual style: what it means stays, how it was spelt does not. */
export function parsedFile({ directives, globalArgs, stages }: ParsedDockerfile): DockerfileFile {
  const syntax = directives.find(({ key }) => key === "syntax")?.value;
  return {
    ...(syntax === undefined ? {} : { syntax }),
    globals: globalArgs.flatMap(({ instruction }) => (instruction.instruction === "ARG" ? [instruction] : [])),
    stages: stages.flatMap(({ instruction: from, comments, instructions }) => {
      if (from === undefined) return [];
      const entries = instructions.flatMap<Instruction | Comment>(({ instruction, comments: before }) =>
        before.length === 0 ? [instruction] : [{ instruction: "COMMENT", text: textOf(before) }, instruction],
      );
      return [{ about: textOf(comments), from, entries }];
    }),
  };
}

function textOf(comments: readonly ParsedComment[]): string {
  return comments.map(({ text }) => text).join("\n");
}
