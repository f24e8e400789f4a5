import type { Instruction } from "../dockerfile/instruction.ts";

/** Where an instruction takes files from: a stage by its name or number, an image or a named context. */
export interface Reference {
  readonly from: string;
  /** The index of the instruction. */
  readonly instruction: number;
}

/** The `--from` of every COPY and the `from` of every mount, in the order of the instructions. */
export function referencesIn(instructions: readonly Instruction[]): readonly Reference[] {
  const references: Reference[] = [];
  for (const [instruction, each] of instructions.entries()) {
    if (each.instruction === "COPY" && each.from !== undefined) references.push({ from: each.from, instruction });
    if (each.instruction !== "RUN") continue;
    for (const mount of each.mounts ?? []) {
      if ("from" in mount && mount.from !== undefined) references.push({ from: mount.from, instruction });
    }
  }
  return references;
}
