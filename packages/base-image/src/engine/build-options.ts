import { accessSync, constants, statSync } from "node:fs";

import { BaseImageError } from "../errors.ts";
import { nearest } from "../dockerfile/known-keys.ts";
import type { BuildPlan } from "./plan.ts";

/** Where the value of a secret is. */
export type SecretValue = { readonly id: string; readonly env: string } | { readonly id: string; readonly src: string };

/** What may be chosen for one build. */
export interface BuildOptions {
  readonly tags: readonly string[];
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly secrets: readonly SecretValue[];
  readonly network: "default" | "host" | "none" | undefined;
  readonly noCache: boolean;
}

/** Arguments that BuildKit knows without an ARG. @see https://docs.docker.com/reference/dockerfile/#predefined-args */
const PREDEFINED_ARGS = /^(?:https?|ftp|no|all)_proxy$|^BUILDKIT_|^SOURCE_DATE_EPOCH$/i;

/** Refuses what a build cannot use, before anything starts. */
export function assertBuildable(plan: BuildPlan, options: BuildOptions): void {
  for (const { id, required } of plan.secrets) {
    if (!required || options.secrets.some((given) => given.id === id)) continue;
    throw new BaseImageError(
      "BASE_IMAGE_SECRET_MISSING",
      `variant ${plan.variant} requires the secret ${id}, which was not given`,
      {
        hint: `Pass --secret id=${id},env=NAME or --secret id=${id},src=FILE.`,
      },
    );
  }
  for (const given of options.secrets) assertSecret(given, plan);
  for (const name of Object.keys(options.buildArgs)) assertUsed("build argument", name, plan.args, PREDEFINED_ARGS);
}

function assertSecret(given: SecretValue, plan: BuildPlan): void {
  assertUsed(
    "secret",
    given.id,
    plan.secrets.map(({ id }) => id),
  );
  if ("env" in given && (process.env[given.env] ?? "") === "") {
    throw new BaseImageError("BASE_IMAGE_SECRET_MISSING", `secret ${given.id}: the variable ${given.env} is not set`);
  }
  if ("src" in given && !isReadable(given.src)) {
    const message = `secret ${given.id}: ${given.src} is no file that can be read`;
    throw new BaseImageError("BASE_IMAGE_SECRET_MISSING", message);
  }
}

function isReadable(file: string): boolean {
  try {
    accessSync(file, constants.R_OK);
    return !statSync(file).isDirectory();
  } catch {
    return false;
  }
}

function assertUsed(what: string, name: string, known: readonly string[], also?: RegExp): void {
  if (known.includes(name) || also?.test(name) === true) return;
  const near = nearest(name, known);
  const list = known.length === 0 ? "none" : known.join(", ");
  throw new BaseImageError("BASE_IMAGE_USAGE", `the build uses no ${what} ${name}; it uses ${list}`, {
    hint: near === undefined ? `Leave it out.` : `Did you mean ${near}?`,
  });
}
