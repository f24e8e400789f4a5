import { randomBytes } from "node:crypto";
import { cpSync } from "node:fs";
import { join } from "node:path";

import { runDocker } from "./boot-docker.ts";
import { bundleProgram } from "./bundle.ts";
import { nameBases } from "./image/bases.ts";
import { slipwayApp } from "./image/subjects.ts";

/** A small app and an image of Rails 8.1 for it, with no gems but Rails' own, the drivers and bootsnap; tests migrate it too. */
const SMALL = join(import.meta.dirname, "../../packages/entrypoint/test/fixtures/rails-app");

/** A Rails app as an image, removed when the `await using` scope ends. */
export interface RailsImage extends AsyncDisposable {
  readonly image: string;
  /** Where the app is in the image. */
  readonly root: string;
  /** Puts into the folder that will be mounted what the image does not have. */
  readonly prepare: (folder: string) => void;
}

/** The folder that is mounted: the program, the definition, and the app where the image has none. */
export const MOUNTED = "/mounted";

/** The example app: what people run, with its own gems, by its own Dockerfile. */
export async function exampleApp(): Promise<RailsImage> {
  await bundleProgram("asset-sync");
  await bundleProgram("entrypoint");
  await using stack = new AsyncDisposableStack();
  const bases = stack.use(nameBases());
  await bases.build("runtime");
  await bases.build("builder");
  const subject = stack.use(await slipwayApp(bases));
  await subject.build();
  const kept = stack.move();
  return {
    image: subject.image,
    root: "/app",
    prepare: () => undefined,
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

export function smallApp(): RailsImage {
  const image = `slipway-bench-rails:${randomBytes(6).toString("hex")}`;
  runDocker(["build", "--quiet", "--network", "host", "--tag", image, SMALL]);
  return {
    image,
    root: `${MOUNTED}/app`,
    prepare: (folder) => cpSync(SMALL, join(folder, "app"), { recursive: true }),
    [Symbol.asyncDispose]: async () => {
      runDocker(["image", "rm", "--force", image]);
    },
  };
}
