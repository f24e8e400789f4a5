import type { LoadedDefinition } from "../config/load.ts";
import { renderFile } from "../dockerfile/file.ts";
import { fileOf, stagesOf } from "../stage/dockerfile.ts";
import { stagesFor } from "../stage/graph.ts";
import { isInput, pathsTakenBy } from "../stage/inputs.ts";
import { hashInputs, readBuildContext } from "./plan.ts";

/**
 * A hash for each stage of a variant over what it is made of: its instructions and those of the stages it needs, and what
 * they take from the context. It stays the same while nothing else changes, so a cache can be named by it; the values of
 * build arguments that a build is given are not in it.
 */
export async function stageKeys(loaded: LoadedDefinition, variant?: string): Promise<ReadonlyMap<string, string>> {
  const { definition } = loaded;
  const context = await readBuildContext(loaded);
  return new Map(
    stagesOf(definition, variant).map((stage) => {
      const needed = stagesFor([stage], definition.stages);
      const taken = isInput(needed.flatMap(pathsTakenBy));
      const entries = context.entries.filter(({ path, kind }) => kind !== "directory" && taken(path));
      const { text } = renderFile(fileOf(definition, needed));
      return [stage.name, hashInputs(text, { ...context, entries })];
    }),
  );
}
