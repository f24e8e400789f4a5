import { appendFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { fileURLToPath } from "node:url";

/** Writes the path of every module file that the program loads to the file that LOADED_FILES names. */
registerHooks({
  load(url, context, next) {
    if (url.startsWith("file:")) appendFileSync(process.env.LOADED_FILES, `${fileURLToPath(url)}\n`);
    return next(url, context);
  },
});
