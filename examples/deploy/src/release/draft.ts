import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

import { isEnvironment, type EnvironmentName } from "../environments.ts";
import { DeployError } from "../errors.ts";

export const DRAFT_FORMAT = "slipway-draft/1";

/** What the upload of the assets left in the image. */
export interface DraftReceipt {
  readonly release: string;
  readonly target: string;
  readonly region?: string;
  /** SHA-256 of the receipt's bytes, in hex. */
  readonly digest: string;
}

/** A deployment that was asked for: its id, what it brings and what ran before. */
export interface DraftDeployment {
  readonly id: string;
  readonly revision: string;
  readonly before?: string;
}

/**
 * A release on its way: each step of the pipeline adds what it found out. All of it can be found again in AWS, so a lost or
 * older file only costs time.
 */
export interface Draft {
  readonly format: typeof DRAFT_FORMAT;
  readonly environment: EnvironmentName;
  readonly release: string;
  /** Repository and digest by image: `….amazonaws.com/proff-prod-app@sha256:…`. */
  readonly images: Readonly<Record<string, string>>;
  readonly receipt?: DraftReceipt;
  /** ARN of the revision by service. */
  readonly revisions: Readonly<Record<string, string>>;
  /** The schema's version after the migration. */
  readonly schema?: string;
  readonly deployments: Readonly<Record<string, DraftDeployment>>;
  /** Every deployment was seen to be complete. */
  readonly verified: boolean;
  readonly rolledBackFrom?: string;
}

export function newDraft(environment: EnvironmentName, release: string, images: Draft["images"]): Draft {
  return { format: DRAFT_FORMAT, environment, release, images, revisions: {}, deployments: {}, verified: false };
}

/**
 * Reads a release file.
 *
 * @throws DeployError DEPLOY_DRAFT_INVALID
 */
export async function readDraft(file: string): Promise<Draft> {
  const value = await parse(file);
  const { format, environment, release, images, revisions, deployments } = (value ?? {}) as Partial<Draft>;
  if (format !== DRAFT_FORMAT) throw invalid(file, `format is ${JSON.stringify(format)}, expected "${DRAFT_FORMAT}"`);
  if (typeof environment !== "string" || !isEnvironment(environment))
    throw invalid(file, "environment is not dev or prod");
  if (typeof release !== "string" || release === "") throw invalid(file, "release is not a text");
  checkMembers(file, { images, revisions }, (part) => typeof part === "string");
  checkMembers(file, { deployments }, (part) => {
    const { id, revision } = (part ?? {}) as Partial<DraftDeployment>;
    return typeof id === "string" && typeof revision === "string";
  });
  return value as Draft;
}

/**
 * The revision of a service.
 *
 * @throws DeployError DEPLOY_DRAFT_INCOMPLETE
 */
export function revisionOf(draft: Draft, service: string): string {
  const revision = draft.revisions[service];
  if (revision !== undefined) return revision;
  throw new DeployError(
    "DEPLOY_DRAFT_INCOMPLETE",
    `Release ${draft.release} has no revision of ${service}: \`deploy revision ${service} ARN\` has not run.`,
  );
}

/** Writes a release file in one step: who reads it sees the old one or the new one. */
export async function writeDraft(file: string, draft: Draft): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const part = `${file}.${process.pid}.part`;
  await writeFile(part, `${JSON.stringify(draft, null, 2)}\n`);
  await rename(part, file);
}

function checkMembers(
  file: string,
  parts: Readonly<Record<string, unknown>>,
  fits: (member: unknown) => boolean,
): void {
  for (const [name, part] of Object.entries(parts)) {
    if (typeof part !== "object" || part === null || Array.isArray(part))
      throw invalid(file, `${name} is not an object`);
    const wrong = Object.entries(part).find(([, member]) => !fits(member));
    if (wrong !== undefined) throw invalid(file, `${name}.${wrong[0]} is ${JSON.stringify(wrong[1])}`);
  }
}

async function parse(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch (cause) {
    throw invalid(file, cause instanceof Error ? cause.message : String(cause));
  }
}

function invalid(file: string, reason: string): DeployError {
  return new DeployError("DEPLOY_DRAFT_INVALID", `Release file ${file}: ${reason}.`);
}
