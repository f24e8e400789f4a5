import { BaseImageError } from "../errors.ts";
import type { AssetProof } from "../inspect/assets/asset-proof.ts";
import { proveAssets } from "../inspect/assets/prove-assets.ts";
import { readGivenFlags, withGivenFlags, type GivenFlags } from "./build-flags.ts";
import { buildTextOf } from "./build-text.ts";
import { coloured } from "./output.ts";
import { definitionFor, type AddVerb, type VerbContext } from "./verb.ts";

interface ProveFlags extends GivenFlags {
  readonly stage: string;
  readonly trace: boolean;
}

/** `base-image prove-assets`: holds what the assets stage takes against the whole application. */
export const addProveAssets: AddVerb = (program, contextFor) => {
  withGivenFlags(program.command("prove-assets"))
    .description("compile the assets from the whole application and from what their stage takes, and compare")
    .option("--stage <name>", "the stage whose last RUN compiles the assets", "assets")
    .option("--no-trace", "do not write down which files are opened (it takes strace from Debian)")
    .addHelpText("after", "\nExample:\n  base-image --config image.config.ts prove-assets\n")
    .action(async (flags: ProveFlags, command) => runProof(flags, contextFor(command)));
};

async function runProof(flags: ProveFlags, context: VerbContext): Promise<void> {
  const { output, signal } = context;
  const { stage, trace } = flags;
  const options = { stage, trace, signal, ...readGivenFlags(flags) };
  const loaded = await definitionFor(context);
  const text = buildTextOf(context);
  const proof = await proveAssets(loaded, options, (event) => {
    output.event(event);
    text.event(event);
  }).finally(() => text.end());
  output.say(proofText(proof, stage));
  output.summary({ stage, ...proof });
  if (!proof.complete) throw incomplete(proof, stage);
}

function proofText({ complete, compared, differences, unlisted }: AssetProof, stage: string): string {
  const made = complete
    ? `${coloured("green", "✓")} stage ${stage} makes the same ${compared} files as the whole application\n`
    : differences.map(({ path, difference }) => `${coloured("red", "✗")} ${path} is ${difference}\n`).join("");
  const head = complete ? "opened too, without an effect on them:" : "opened, but not taken by the stage:";
  return unlisted.length === 0 ? made : `${made}${[head, ...unlisted].join("\n  ")}\n`;
}

function incomplete({ compiles, differences, unlisted, compared }: AssetProof, stage: string): BaseImageError {
  const what = compiles
    ? `${differences.length} of ${compared} files are not what the whole application makes`
    : "it does not compile from what it takes, and does from the whole application";
  const named = unlisted.length === 0 ? "no file outside of its inputs was opened" : `opened: ${unlisted.join(", ")}`;
  return new BaseImageError("BASE_IMAGE_ASSETS_INCOMPLETE", `stage ${stage}: ${what}; ${named}`);
}
