import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";

import { tempTree } from "@slipway/testkit";

/** Rails 8.1 with its drivers for PostgreSQL and MySQL, on a Ruby that it supports, and Node for the program. */
const DOCKERFILE = `FROM ruby:3.3
COPY --from=node:24-slim /usr/local/bin/node /usr/local/bin/
RUN gem install --no-document railties:8.1.3 activerecord:8.1.3 pg:1.6.3 trilogy:2.13.3
WORKDIR /app
`;

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

export async function railsImage(): Promise<RailsImage> {
  const tag = `slipway-test-rails:${randomBytes(6).toString("hex")}`;
  await using context = await tempTree({ Dockerfile: DOCKERFILE });
  const { code, stderr } = docker(["build", "--quiet", "--network", "host", "--tag", tag, context.path]);
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

function docker(words: readonly string[], input = ""): RailsEnd {
  const { status, stdout, stderr } = spawnSync("docker", words, { encoding: "utf8", input });
  return { code: status, stdout, stderr };
}
