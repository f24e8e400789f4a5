import { writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";

import { surveyFolder, writeDefinition } from "../config/starter.ts";
import { BaseImageError } from "../errors.ts";
import type { AddVerb } from "./verb.ts";

/** `base-image init`: writes a definition for this folder. */
export const addInit: AddVerb = (program, contextFor) => {
  program
    .command("init")
    .description("write a commented definition from .ruby-version, .node-version, Gemfile.lock and package.json")
    .addHelpText("after", "\nExample:\n  base-image init\n")
    .action(async (_flags: object, command) => {
      const { config, output } = contextFor(command);
      const file = resolve(config);
      const survey = await surveyFolder(dirname(file));
      await writeFile(file, writeDefinition(survey), { flag: "wx" }).catch((cause: unknown) => {
        if (!(cause instanceof Error && "code" in cause && cause.code === "EEXIST")) throw cause;
        throw new BaseImageError("BASE_IMAGE_FILE_EXISTS", `${config} is already there`, { cause });
      });
      output.say(`wrote ${config}\n`);
      output.summary({ file, ...survey });
    });
};
