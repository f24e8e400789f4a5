import type { Command } from "commander";

import { loadDefinition, loadDefinitions, type LoadedDefinition } from "../config/load.ts";
import { BaseImageError } from "../errors.ts";
import type { Output } from "./output.ts";

/** What a verb works with. */
export interface VerbContext {
  readonly output: Output;
  /** The path of the definition file, if one is given. */
  readonly config: string | undefined;
  /** The image of a matrix, if one is named. */
  readonly image: string | undefined;
  /** Aborted when the program is interrupted. */
  readonly signal: AbortSignal;
  /** The width of the terminal that people's words go to; nothing where there is none. */
  readonly terminal: { readonly columns: number } | undefined;
}

/** Gives the context for a verb, from the flags before or after it. */
export type ContextFor = (command: Command) => VerbContext;

/** Adds a verb to the program. */
export type AddVerb = (program: Command, contextFor: ContextFor) => void;

/** Loads the definition a verb is for. */
export function definitionFor({ config, signal, image }: VerbContext): Promise<LoadedDefinition> {
  return loadDefinition(config, signal, image);
}

/** The same for a verb that takes all images of a matrix at once. */
export function definitionsFor({ config, signal, image }: VerbContext): Promise<readonly LoadedDefinition[]> {
  return loadDefinitions(config, signal, image);
}

/** What a failure becomes that an interruption has brought about. */
export function interruptible({ signal }: VerbContext, what: string): (cause: unknown) => never {
  return (cause) => {
    if (!signal.aborted) throw cause;
    throw new BaseImageError("BASE_IMAGE_INTERRUPTED", `${what} was interrupted`, { cause });
  };
}

/** A list from an option that may be given several times. */
export function collect(value: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, value];
}
