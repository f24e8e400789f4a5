import { randomBytes } from "node:crypto";

import Dockerode from "dockerode";

import { build } from "../../src/engine/build.ts";
import type { BuildOptions } from "../../src/engine/build-options.ts";
import { planBuild } from "../../src/engine/plan.ts";
import type { BuildEvent } from "../../src/events.ts";
import { defineImage, type ImageInput } from "../../src/stage/image.ts";

/** An image that goes when the scope ends, and what was reported while it was built. */
export interface ScratchImage extends AsyncDisposable {
  readonly tag: string;
  readonly id: string;
  readonly events: readonly BuildEvent[];
}

/** Builds stages under a random tag. */
export async function scratchBuild(
  input: Omit<ImageInput, "name">,
  options: Partial<BuildOptions> & {
    readonly folder?: string;
    readonly signal?: AbortSignal;
    readonly onEvent?: (event: BuildEvent) => void;
  } = {},
): Promise<ScratchImage> {
  const tag = `slipway-test:${randomBytes(6).toString("hex")}`;
  const { folder = "/", onEvent, ...rest } = options;
  const plan = await planBuild({ definition: defineImage({ name: "slipway-test", ...input }), file: "", folder });
  const events: BuildEvent[] = [];
  const defaults: BuildOptions = { tags: [tag], buildArgs: {}, secrets: [], network: undefined, noCache: false };
  const id = await build(plan, { ...defaults, ...rest }, (event) => {
    events.push(event);
    onEvent?.(event);
  });
  return {
    tag,
    id,
    events,
    [Symbol.asyncDispose]: async () => {
      await new Dockerode().getImage(tag).remove({ force: true });
    },
  };
}
