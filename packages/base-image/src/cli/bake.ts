import { relative } from "node:path";

import { bakeFile } from "../stage/bake.ts";
import { definitionFor, type AddVerb } from "./verb.ts";

/** `base-image bake`: prints a bake file. */
export const addBake: AddVerb = (program, contextFor) => {
  program
    .command("bake")
    .description("print the build of all variants as a bake file")
    .addHelpText("after", "\nExample:\n  base-image bake > bake.json && docker buildx bake --file bake.json\n")
    .action(async (_flags: object, command) => {
      const context = contextFor(command);
      const { definition, folder } = await definitionFor(context);
      const bake = bakeFile(definition, relative(process.cwd(), folder));
      context.output.result(`${JSON.stringify(bake, undefined, 2)}\n`);
      context.output.summary({ bake });
    });
};
