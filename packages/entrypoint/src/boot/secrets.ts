import type { Emit } from "../events.ts";
import { conceal } from "../process/redaction/concealed.ts";
import type { SignalDesk } from "../process/signal-desk.ts";
import { describeSource, findReferences, type SecretReference } from "../task/secrets/reference.ts";
import { asObject, readKeys } from "./read-object.ts";
import { SECRET_KEYS } from "./schema.ts";

/** The secrets of a start. */
export interface Secrets {
  readonly references: readonly SecretReference[];
  readonly deadlineMs: number;
}

/**
 * The variables whose values are kept elsewhere, by the environment and what the definition says of files.
 * @throws EntrypointError `ENTRYPOINT_DEFINITION_INVALID`
 */
export function findSecrets(definition: unknown, env: Readonly<NodeJS.ProcessEnv>): Secrets {
  const place = { path: "", env: {} };
  const values = readKeys(asObject(definition, place), SECRET_KEYS, place);
  return {
    references: findReferences(env, values.optionalWords("secretFiles")),
    deadlineMs: values.number("secretsDeadline"),
  };
}

/** How long the reading of a start's secrets may take, in milliseconds. */
export function limitOf({ references, deadlineMs }: Secrets): number {
  return references.length === 0 ? 0 : deadlineMs;
}

/** A start's secrets by name and source, without values. */
export function listSecrets({
  references,
}: Secrets): readonly { readonly variable: string; readonly source: string }[] {
  return references.map(({ variable, source }) => ({ variable, source: describeSource(source) }));
}

/**
 * Reads the secrets, keeps them out of everything that is printed from here on, and puts them in the environment of this process.
 * @throws EntrypointError `ENTRYPOINT_SECRET_UNAVAILABLE`, `ENTRYPOINT_SECRET_DEADLINE`; the desk's error when stopped
 */
export async function settleSecrets(
  secrets: Secrets,
  context: { readonly desk: SignalDesk; readonly emit: Emit },
): Promise<void> {
  const { references, deadlineMs } = secrets;
  if (references.length === 0) return;
  const began = process.uptime();
  const { resolveSecrets } = await import("../task/secrets/resolve.ts");
  const values = await resolveSecrets(references, { ...context, env: process.env, deadlineMs });
  await conceal([...values.values()].flatMap(({ value, concealed }) => (concealed ? [value] : [])));
  for (const [variable, { value }] of values) process.env[variable] = value;
  const subject = references.length === 1 ? "1 secret" : `${String(references.length)} secrets`;
  const seconds = process.uptime() - began;
  context.emit({ type: "step-done", step: 0, task: "secrets", subject, outcome: "read", seconds });
}
