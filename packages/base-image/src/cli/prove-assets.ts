import { BaseImageError } from "../errors.ts";
import type { AssetProof } from "../inspect/assets/asset-proof.ts";
import { proveAssets } from "../inspect/assets/prove-assets.ts";
import { readBuildArgs, readNetwork, readSecrets } from "./build-flags.ts";
import { buildText } from "./build-text.ts";
import { coloured } from "./output.ts";
import { collect, definitionFor, type AddVerb, type VerbContext } from "./verb.ts";

interface ProveFlags {
  readonly stage: string;
  readonly buildArg?: readonly string[];
  readonly secret?: readonly string[];
  readonly network?: string;
  readonly trace: boolean;
}

/** `base-image prove-assets`: holds what the assets stage takes against the whole application. */
export const addProveAssets: AddVerb = (program, contextFor) => {
  program
    .command("prove-assets")
    .description("compile the assets from the whole application and from what their stage takes, and compare")
    .option("--stage <name>", "the stage whose last RUN compiles the assets", "assets")
    .option("--build-arg <name=value>", "set a build argument; may be given several times", collect)
    .option("--secret <id=ID,…>", "hand over a secret, with src=FILE or env=NAME; may be given several times", collect)
    .option("--network <mode>", "default, host or none, for every RUN")
    .option("--no-trace", "do not write down which files are opened (it takes strace from Debian)")
    .addHelpText("after", "\nExample:\n  base-image --config image.config.ts prove-assets\n")
    .action(async (flags: ProveFlags, command) => runProof(flags, contextFor(command)));
};

async function runProof(flags: ProveFlags, context: VerbContext): Promise<void> {
  const { output, signal } = context;
  const options = {
    stage: flags.stage,
    trace: flags.trace,
    buildArgs: readBuildArgs(flags.buildArg ?? []),
    secrets: readSecrets(flags.secret ?? []),
    network: readNetwork(flags.network),
    signal,
  };
  const loaded = await definitionFor(context);
  const raw = (text: string): void => void (output.quiet || process.stderr.write(text));
  const text = buildText(raw, output.quiet ? undefined : context.terminal);
  const proof = await proveAssets(loaded, options, (event) => {
    output.event(event);
    text.event(event);
  }).finally(() => text.end());
  output.say(proofText(proof, flags.stage));
  output.summary({ stage: flags.stage, ...proof });
  if (!proof.complete) throw incomplete(proof, flags.stage);
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
