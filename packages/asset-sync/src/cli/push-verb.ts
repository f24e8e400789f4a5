import { existsSync } from "node:fs";
import { lstat } from "node:fs/promises";
import { join } from "node:path";

import type { Command } from "commander";

import { ENCODINGS } from "../config/definition.ts";
import { checkNotEmpty } from "../config/environment.ts";
import { RECEIPT_NAME, resolveOptions, type Flags } from "../config/options.ts";
import { AssetSyncError } from "../errors.ts";
import { SIBLING_ENDINGS } from "../scan/asset-kind.ts";
import { imagePublic } from "../sync/image-public.ts";
import { readReceipt, type Receipt } from "../sync/receipt.ts";
import { plan, sync } from "../sync/sync.ts";
import {
  verb,
  withCloudFront,
  withConfig,
  withObjects,
  withOutput,
  withRefresh,
  withTarget,
  type ConfigFlag,
  type OutputFlags,
} from "./flags.ts";
import { readOwnConfig } from "./read-config.ts";
import type { Terminal } from "./terminal.ts";
import { watchSync } from "./watch-sync.ts";

interface ImageFlags {
  readonly fromImage?: string;
  readonly imageDir: string;
  readonly release?: string;
}

type Words = Flags & ImageFlags & ConfigFlag & OutputFlags;

/** `asset-sync push --from-image`: uploads the assets that an image holds. */
export function pushVerb(terminal: Terminal, signal: AbortSignal): Command {
  const command = verb(
    "push",
    "Uploads the assets that an image holds: of a build without network, or to roll back to.",
    "asset-sync push --from-image registry.example/shop:v41",
  );
  withOutput(withRefresh(withCloudFront(withObjects(withTarget(withConfig(command))))))
    .requiredOption("--from-image <image>", "the image; Docker copies its public folder, nothing of it is started")
    .option("--image-dir <folder>", "the public folder in it, below its working folder unless absolute", "public")
    .option("--release <id>", "name of the release (default: what the image's receipt says)");
  return command.action(async (flags: Words) => {
    const { environment, directory } = terminal;
    checkNotEmpty({ "image-dir": flags.imageDir });
    await using image = await imagePublic(flags.fromImage ?? "", flags.imageDir, signal);
    const place = join(image.publicDir, RECEIPT_NAME);
    // A link of the image leads elsewhere on this machine.
    const isThere = (await lstat(place).catch(() => undefined))?.isFile() === true;
    const receipt = isThere ? await readReceipt(place) : undefined;
    const file = await readOwnConfig(flags, terminal, signal);
    const said = { ...saidByReceipt(receipt, image.publicDir), ...flags, file };
    const beside = join(image.publicDir, "..", RECEIPT_NAME);
    const options = { ...resolveOptions(image.publicDir, said, environment, directory), receipt: beside };
    if (receipt !== undefined) checkImage(receipt, await plan(options, { signal }));
    await watchSync(terminal, flags, (onEvent) =>
      // The receipt is written beside the copy, and gone with it when the verb ends.
      sync(options, { signal, onEvent: (event) => event.type !== "receipt-written" && onEvent(event) }),
    );
  });
}

function saidByReceipt(receipt: Receipt | undefined, publicDir: string): Flags {
  if (receipt === undefined) return {};
  const { release, target, endpoint, region, pathStyle } = receipt;
  // Siblings that a sync made are not in the image: they are made again.
  const made = receipt.replaceable.filter((key) => !existsSync(join(publicDir, key)));
  const compress = ENCODINGS.filter((encoding) => made.some((key) => key.endsWith(SIBLING_ENDINGS[encoding])));
  return {
    ...(compress.length === 0 ? {} : { compress: compress.join(",") }),
    release,
    to: target,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(region === undefined ? {} : { region }),
    ...(pathStyle === undefined ? {} : { pathStyle }),
  };
}

/** An image whose files are not those of its receipt was put together from two builds. */
function checkImage(receipt: Receipt, { puts, copies, unchanged }: Awaited<ReturnType<typeof plan>>): void {
  const digests = new Map([...puts, ...copies].map(({ key, sha256 }) => [key, sha256]));
  const there = new Set([...digests.keys(), ...unchanged]);
  const replaceable = new Set(receipt.replaceable);
  const wrong = Object.entries(receipt.files).filter(([key, sha256]) => {
    const mine = digests.get(key);
    if (mine !== undefined) return mine !== sha256 && !replaceable.has(key);
    return !there.has(key) && !replaceable.has(key);
  });
  const [first] = wrong;
  if (first === undefined) return;
  throw new AssetSyncError(
    "ASSET_SYNC_IMAGE_UNREADABLE",
    `The image does not hold what its receipt names: ${wrong.length} file(s), the first of them ${first[0]}.`,
    { hint: "Let the image take the whole public folder along, and receipt and assets come from one build." },
  );
}
