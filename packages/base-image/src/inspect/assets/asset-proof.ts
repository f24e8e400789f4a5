import { isInput } from "../../stage/inputs.ts";
import type { ProofRecords } from "./proof-script.ts";

/** A file that is not the same in both builds. */
export interface OutputDifference {
  readonly path: string;
  /** `absent` from the restricted build, `extra` in it, or `different` in content. */
  readonly difference: "absent" | "different" | "extra";
}

/** What two builds of the same assets prove. */
export interface AssetProof {
  /** Whether the restricted build made the same as the full one. */
  readonly complete: boolean;
  /** Whether the restricted build compiled at all. */
  readonly compiles: boolean;
  /** How many files were compared. */
  readonly compared: number;
  readonly differences: readonly OutputDifference[];
  /** Files of the application that compiling opened and the stage does not take; the reason of a difference is among them. */
  readonly unlisted: readonly string[];
}

/** Both builds; `restricted` is absent when it could not compile at all. */
export interface ProofRuns {
  readonly full: ProofRecords;
  readonly restricted: ProofRecords | undefined;
  /** The files of the whole application. */
  readonly sources: readonly string[];
  /** What the stage takes of them. */
  readonly inputs: readonly string[];
}

/** Compares two builds. Files of the application itself, such as `public/404.html`, are not made by either. Pure. */
export function compareRuns({ full, restricted, sources, inputs }: ProofRuns): AssetProof {
  const known = new Set(sources);
  const made = (records: ProofRecords | undefined): ReadonlyMap<string, string> =>
    new Map([...(records?.outputs ?? [])].filter(([path]) => !known.has(path)));
  const [whole, part] = [made(full), made(restricted)];
  const paths = [...new Set([...whole.keys(), ...part.keys()])].toSorted();
  const differences = paths.flatMap((path): readonly OutputDifference[] => {
    if (!part.has(path)) return [{ path, difference: "absent" }];
    if (!whole.has(path)) return [{ path, difference: "extra" }];
    return part.get(path) === whole.get(path) ? [] : [{ path, difference: "different" }];
  });
  const taken = isInput(inputs);
  return {
    compiles: restricted !== undefined,
    complete: restricted !== undefined && differences.length === 0,
    compared: paths.length,
    differences,
    unlisted: full.opened.filter((path) => known.has(path) && !taken(path)).toSorted(),
  };
}
