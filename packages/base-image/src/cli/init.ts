import { writeFile } from "node:fs/promises";

import { planStarter, type Starter } from "../config/starter.ts";
import { BaseImageError, reasonOf } from "../errors.ts";
import type { AddVerb } from "./verb.ts";

/** `base-image init`: writes a definition for this folder. */
export const addInit: AddVerb = (program, contextFor) => {
  program
    .command("init")
    .description("write a commented definition from .ruby-version, .node-version, Gemfile.lock and package.json")
    .addHelpText("after", "\nExample:\n  base-image init\n")
    .action(async (_flags: object, command) => {
      const { config, output } = contextFor(command);
      const starter = await planStarter(config);
      await write(starter);
      const named = config === undefined ? "" : ` --config ${config}`;
      output.say(`wrote ${starter.name}\n`);
      output.say(`next: npm install --save-dev @slipway/base-image\nthen: base-image${named} build\n`);
      const { ruby, node, ...rest } = starter.survey;
      output.summary({ file: starter.file, ruby: ruby.version, node: node.version, ...rest });
    });
};

async function write({ name, file, text }: Starter): Promise<void> {
  try {
    await writeFile(file, text, { flag: "wx" });
  } catch (cause) {
    if (!(cause instanceof Error && "syscall" in cause)) throw cause;
    if ("code" in cause && cause.code === "EEXIST") {
      throw new BaseImageError("BASE_IMAGE_FILE_EXISTS", `${name} is already there`, { cause });
    }
    throw new BaseImageError("BASE_IMAGE_FILE_UNWRITABLE", `${file} cannot be written: ${reasonOf(cause)}`, { cause });
  }
}
