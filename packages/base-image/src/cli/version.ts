import { createRequire } from "node:module";

/** The version of the package; package.json is two folders up, from the sources and from what is made of them. */
export const VERSION: string = (createRequire(import.meta.url)("../../package.json") as { readonly version: string })
  .version;
