import { randomBytes } from "node:crypto";
import { join, resolve } from "node:path";

import type { LoadedDefinition } from "../../config/load.ts";
import { build } from "../../engine/build.ts";
import type { BuildOptions } from "../../engine/build-options.ts";
import { mergeContexts, readTree, type ContextManifest } from "../../engine/context.ts";
import { connectEngine } from "../../engine/engine.ts";
import { hashInputs, planBuild, type BuildPlan } from "../../engine/plan.ts";
import { isBaseImageError } from "../../errors.ts";
import type { BuildEvent, EventSink } from "../../events.ts";
import { readIfThere } from "../../config/manifest.ts";
import { sourceIgnore } from "../../recipe/assets/source-tree.ts";
import { isInput } from "../../stage/inputs.ts";
import { probeImage } from "../image-probe.ts";
import { compareRuns, type AssetProof } from "./asset-proof.ts";
import { FULL_TREE, proofDefinition } from "./proof-definition.ts";
import { PRINT_RECORDS, readRecords, type ProofRecords } from "./proof-script.ts";

/** How a proof is made. */
export interface ProofOptions extends Omit<BuildOptions, "noCache" | "tags"> {
  /** The stage that compiles the assets. */
  readonly stage: string;
  /** Whether the files that compiling opens are written down; takes strace from Debian. */
  readonly trace: boolean;
  readonly signal: AbortSignal;
}

/**
 * Compiles the assets from the whole application and from what their stage takes of it, and compares what comes out.
 * Both images are removed again.
 * @throws BaseImageError when the stage is not there, or the whole application does not compile.
 */
export async function proveAssets(
  loaded: LoadedDefinition,
  options: ProofOptions,
  emit: EventSink<BuildEvent>,
): Promise<AssetProof> {
  const { definition, inputs, below } = proofDefinition(loaded.definition, options.stage, options.trace);
  const proof = { ...loaded, definition };
  const tree = await applicationTree(loaded);
  const given = isInput(below);
  const laid = tree.entries.filter(({ path }) => below.length === 0 || !given(path.slice(FULL_TREE.length + 1)));
  const full = await recordsOf(withContext(await planBuild(proof, "full"), { ...tree, entries: laid }), options, emit);
  const plan = await planBuild(proof, "restricted");
  const restricted = await recordsOf(plan, options, emit).catch((error: unknown) => {
    if (isBaseImageError(error) && error.code === "BASE_IMAGE_BUILD_FAILED") return undefined;
    throw error;
  });
  const files = tree.entries.filter(({ kind }) => kind !== "directory");
  return compareRuns({
    full,
    restricted,
    inputs,
    sources: files.map(({ path }) => path.slice(FULL_TREE.length + 1)),
  });
}

/** The application as it would be without any list: all its sources. */
async function applicationTree({ definition, folder }: LoadedDefinition): Promise<ContextManifest> {
  const root = resolve(folder, definition.context ?? ".");
  return readTree(root, FULL_TREE, sourceIgnore(await readIfThere(join(root, ".dockerignore"))));
}

function withContext(plan: BuildPlan, more: ContextManifest): BuildPlan {
  const context = mergeContexts(plan.context, more);
  return { ...plan, context, inputHash: hashInputs(plan.dockerfile, context) };
}

async function recordsOf(plan: BuildPlan, options: ProofOptions, emit: EventSink<BuildEvent>): Promise<ProofRecords> {
  const tag = `slipway-proof:${randomBytes(6).toString("hex")}`;
  const docker = await connectEngine();
  await build(plan, { ...options, tags: [tag], noCache: false }, emit);
  try {
    const probe = await probeImage(docker, tag);
    return readRecords((await probe.run({ command: PRINT_RECORDS, entrypoint: false })).output);
  } finally {
    await docker.getImage(tag).remove({ force: true });
  }
}
