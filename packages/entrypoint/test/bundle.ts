import { join } from "node:path";

import { tempTree, type TempTree } from "@slipway/testkit";
import { build } from "rolldown";

import config from "../rolldown.config.ts";

/** The built program in a folder of its own, with no node_modules anywhere near. */
export interface BuiltProgram extends TempTree {
  readonly file: string;
}

/** Builds the program as the package is built. */
export async function buildProgram(): Promise<BuiltProgram> {
  const tree = await tempTree();
  const dir = join(tree.path, "bundle");
  const output = { ...[config.output].flat()[0], dir, cleanDir: false };
  // How long it takes on a busy machine is nothing that a bundler should have to say.
  await build({ ...config, checks: { bundlerTimings: false }, onLog: refuseLog, output });
  return { ...tree, file: join(dir, "entrypoint.cjs") };
}

function refuseLog(level: string, { message }: { readonly message: string }): never {
  throw new Error(`The bundler has something to say (${level}): ${message}`);
}
