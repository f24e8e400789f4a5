import { PROGRAMS_PATH } from "../stage/image.ts";
import type { Stage } from "../stage/stage.ts";

/** Copies the programs of a definition. They come last in a variant, so that a new one leaves the layers below as they are. */
export function bakePrograms(programs: readonly string[]): (so: Stage) => Stage {
  if (programs.length === 0) return (so) => so;
  return (so) => so.comment("The programs, each in lib/slipway with a link in bin").copy(PROGRAMS_PATH, "/usr/local/");
}
