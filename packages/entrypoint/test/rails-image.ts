import { randomBytes } from "node:crypto";
import { join } from "node:path";

import { runSync } from "@slipway/testkit";

/** A small Rails app; its Dockerfile is that of what it runs in. */
export const RAILS_APP: string = join(import.meta.dirname, "fixtures/rails-app");

/** An image with Rails in it, removed when the `await using` scope ends. */
export interface RailsImage extends AsyncDisposable {
  readonly tag: string;
  /** Runs a command in a container that sees the machine's network. */
  run(words: readonly string[], options?: RailsRun): RailsEnd;
}

export interface RailsRun {
  /** Folders of the machine by where they are in the container. */
  readonly folders?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
}

export interface RailsEnd {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export function railsImage(): RailsImage {
  const tag = `slipway-test-rails:${randomBytes(6).toString("hex")}`;
  const { code, stderr } = docker(["build", "--quiet", "--network", "host", "--tag", tag, RAILS_APP]);
  if (code !== 0) throw new Error(stderr);
  return {
    tag,
    run: (words, { folders = {}, env = {}, input = "" } = {}) => {
      const mounts = Object.entries(folders).map(([at, path]) => `--volume=${path}:${at}`);
      const set = Object.entries(env).map(([name, value]) => `--env=${name}=${value}`);
      const user = `--user=${String(process.getuid?.())}:${String(process.getgid?.())}`;
      const options = ["--rm", "--interactive", "--network=host", user, ...mounts, ...set];
      return docker(["run", ...options, tag, ...words], input);
    },
    [Symbol.asyncDispose]: async () => void docker(["image", "rm", "--force", tag]),
  };
}

/** A build installs gems. */
const LIMIT_MS = 1_200_000;

function docker(words: readonly string[], input = ""): RailsEnd {
  const { status, stdout, stderr } = runSync("docker", words, { input, limitMs: LIMIT_MS });
  return { code: status, stdout, stderr };
}
