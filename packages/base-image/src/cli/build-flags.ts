import { resolve } from "node:path";

import type { Command } from "commander";

import type { BuildOptions, SecretValue } from "../engine/build-options.ts";
import { BaseImageError } from "../errors.ts";
import { collect } from "./verb.ts";

/** What every verb that builds is told. */
export interface GivenFlags {
  readonly buildArg?: readonly string[];
  readonly secret?: readonly string[];
  readonly network?: string;
}

/** The same for one that may also use what earlier builds have left. */
export interface BuildFlags extends GivenFlags {
  readonly cache: boolean;
}

/** Adds the flags that hand something over to a build. */
export function withGivenFlags(command: Command): Command {
  return command
    .option("--build-arg <name=value>", "set a build argument; may be given several times", collect)
    .option("--secret <id=ID,…>", "hand over a secret, with src=FILE or env=NAME; may be given several times", collect)
    .option("--network <mode>", "default, host or none, for every RUN");
}

/** Adds all flags of a build. */
export function withBuildFlags(command: Command): Command {
  return withGivenFlags(command).option("--no-cache", "build every step again");
}

/** What a build is handed over. */
export function readGivenFlags({ buildArg, secret, network }: GivenFlags): Omit<BuildOptions, "noCache" | "tags"> {
  return {
    buildArgs: readBuildArgs(buildArg ?? []),
    secrets: readSecrets(secret ?? []),
    network: readNetwork(network),
  };
}

/** The options of a build, but for its tags. */
export function readBuildFlags(flags: BuildFlags): Omit<BuildOptions, "tags"> {
  return { ...readGivenFlags(flags), noCache: !flags.cache };
}

/** `--build-arg NAME=VALUE` */
function readBuildArgs(values: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    values.map((value) => {
      const at = value.indexOf("=");
      if (at <= 0) throw usage("--build-arg", value, "NAME=VALUE");
      return [value.slice(0, at), value.slice(at + 1)];
    }),
  );
}

/** `--secret id=ID[,src=FILE|,env=NAME]`; without either the variable ID, as `docker build` has it. */
function readSecrets(values: readonly string[]): readonly SecretValue[] {
  return values.map((value) => {
    const fields = new Map(
      value.split(",").map((part) => [part.split("=", 1)[0] ?? "", part.slice(part.indexOf("=") + 1)]),
    );
    const unknown = [...fields.keys()].find((key) => !["id", "src", "source", "env", "type"].includes(key));
    const id = fields.get("id") ?? "";
    const src = fields.get("src") ?? fields.get("source");
    const env = fields.get("env");
    if (unknown !== undefined || id === "" || (src !== undefined && env !== undefined)) {
      throw usage("--secret", value, "id=ID,src=FILE or id=ID,env=NAME");
    }
    return src === undefined ? { id, env: env ?? id } : { id, src: resolve(src) };
  });
}

/** `--network MODE` */
function readNetwork(value: string | undefined): BuildOptions["network"] {
  if (value === undefined || value === "default" || value === "host" || value === "none") return value;
  throw usage("--network", value, "default, host or none");
}

function usage(flag: string, value: string, expected: string): BaseImageError {
  return new BaseImageError("BASE_IMAGE_USAGE", `${flag} is ${JSON.stringify(value)}; expected ${expected}`);
}
