import { DeployError } from "../errors.ts";
import { DRAFT_FORMAT, type Draft, type DraftReceipt } from "./draft.ts";

export const MARKER_FORMAT = "slipway-release/1";

/** A release that has proven itself: what has to move together, in one value of under 4 KB. */
export interface Marker {
  readonly format: typeof MARKER_FORMAT;
  readonly release: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly images: Draft["images"];
  readonly receipt: DraftReceipt;
  readonly revisions: Draft["revisions"];
  readonly schema: string;
  /** The release that this one took the place of by a rollback. */
  readonly rolledBackFrom?: string;
}

/**
 * The marker of a verified draft.
 *
 * @throws DeployError DEPLOY_DRAFT_INCOMPLETE
 */
export function makeMarker(draft: Draft, at: Date): Marker {
  const { release, images, receipt, revisions, schema, verified, rolledBackFrom } = draft;
  if (receipt === undefined) throw incomplete(draft, "receipt");
  if (schema === undefined) throw incomplete(draft, "migrate");
  if (!verified) throw incomplete(draft, "verify");
  const origin = rolledBackFrom === undefined ? {} : { rolledBackFrom };
  return { format: MARKER_FORMAT, release, at: at.toISOString(), images, receipt, revisions, schema, ...origin };
}

/** The draft that brings a marked release back. */
export function draftOf(marker: Marker, environment: Draft["environment"], from: Marker): Draft {
  const { release, images, receipt, revisions } = marker;
  return {
    format: DRAFT_FORMAT,
    environment,
    release,
    images,
    receipt,
    revisions,
    // A rollback does not migrate: the schema stays what it is.
    schema: from.schema,
    deployments: {},
    verified: false,
    rolledBackFrom: from.release,
  };
}

/** Reads a marker; undefined where the text is none. */
export function parseMarker(text: string): Marker | undefined {
  try {
    const marker = JSON.parse(text) as Partial<Marker>;
    const complete = marker.release && marker.images && marker.receipt && marker.revisions && marker.schema;
    if (marker.format === MARKER_FORMAT && complete) return marker as Marker;
  } catch {
    // What is no JSON is no marker either.
  }
  return undefined;
}

/** Whether a marker says the same as another, whenever it was written. */
export function sameRelease(a: Marker, b: Marker): boolean {
  const shown = ({ release, images, revisions, schema }: Marker): string =>
    JSON.stringify([release, images, revisions, schema]);
  return shown(a) === shown(b);
}

function incomplete({ release }: Draft, step: string): DeployError {
  return new DeployError(
    "DEPLOY_DRAFT_INCOMPLETE",
    `Release ${release} cannot be marked: \`deploy ${step}\` has not run.`,
  );
}
