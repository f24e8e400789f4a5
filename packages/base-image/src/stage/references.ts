import type { Instruction } from "../dockerfile/instruction.ts";

/** Where an instruction takes files from: a stage by its name or number, an image or a named context. */
export interface Reference {
  readonly from: string;
}

/** The `--from` of a COPY and the `from` of every mount. */
export function referencesIn(instruction: Instruction): readonly Reference[] {
  if (instruction.instruction === "COPY") return instruction.from === undefined ? [] : [{ from: instruction.from }];
  if (instruction.instruction !== "RUN") return [];
  return (instruction.mounts ?? []).flatMap((mount) =>
    "from" in mount && mount.from !== undefined ? [{ from: mount.from }] : [],
  );
}
