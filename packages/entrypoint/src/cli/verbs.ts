import type { FlagTable } from "./flags.ts";

/** A verb: its flags (`true`: takes a value) and one line about it. */
export interface VerbRow {
  readonly flags: FlagTable;
  readonly does: string;
}

/** Every verb of the program. */
export const VERBS: Readonly<Record<string, VerbRow>> = {
  run: {
    flags: {
      "--config": true,
      "--release": true,
      "--json": false,
      "--quiet": false,
      "--timeline": true,
      "--metrics": true,
      "--help": false,
    },
    does: "carries out the definition, then becomes the command",
  },
  explain: {
    flags: { "--config": true, "--release": true, "--json": false, "--help": false },
    does: "prints what run would do, without doing it",
  },
  lint: {
    flags: { "--dockerfile": true, "--config": true, "--json": false, "--help": false },
    does: "finds the traps in a Dockerfile and in a definition",
  },
  doctor: {
    flags: { "--json": false, "--help": false },
    does: "says what this container allows",
  },
  health: {
    flags: { "--config": true, "--url": true, "--booting": false, "--help": false },
    does: "asks the app, or the start before it, whether it is well",
  },
  bake: {
    flags: { "--help": false },
    does: "leaves the compiled form of the program beside it",
  },
};

/** What `run` calls this program with for background tasks; it is not for people. */
export const BACKGROUND_VERB = "background";

/** Flags that stand in the place of a verb. */
export const PROGRAM_FLAGS: Readonly<Record<string, string>> = {
  "--symlink": "makes links for entrykit's names beside the program",
  "--version": "prints the version",
  "--help": "prints this text",
};
