import { resolve } from "node:path";

import type { BuildOptions, SecretValue } from "../engine/build-options.ts";
import { BaseImageError } from "../errors.ts";

/** `--build-arg NAME=VALUE` */
export function readBuildArgs(values: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    values.map((value) => {
      const at = value.indexOf("=");
      if (at <= 0) throw usage("--build-arg", value, "NAME=VALUE");
      return [value.slice(0, at), value.slice(at + 1)];
    }),
  );
}

/** `--secret id=ID[,src=FILE|,env=NAME]`; without either the variable ID, as `docker build` has it. */
export function readSecrets(values: readonly string[]): readonly SecretValue[] {
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
export function readNetwork(value: string | undefined): BuildOptions["network"] {
  if (value === undefined || value === "default" || value === "host" || value === "none") return value;
  throw usage("--network", value, "default, host or none");
}

function usage(flag: string, value: string, expected: string): BaseImageError {
  return new BaseImageError("BASE_IMAGE_USAGE", `${flag} is ${JSON.stringify(value)}; expected ${expected}`);
}
