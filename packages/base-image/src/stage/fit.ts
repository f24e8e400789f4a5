import { BaseImageError } from "../errors.ts";
import type { DockerfileFile, FileStage } from "../dockerfile/file.ts";
import { featuresOf, isOlder, type Feature } from "../dockerfile/frontend.ts";
import type { Instruction } from "../dockerfile/instruction.ts";
import { matching, type ValueKind } from "../dockerfile/value-kind.ts";

/**
 * Who is to read the Dockerfile: the BuildKit of today, `portable` for buildah and engines from 20.10 on, or a version of
 * `docker/dockerfile` as `"1.7"`.
 */
export type Frontend = "buildkit" | "portable" | `${number}.${number}`;

/** A {@link Frontend}. */
export const FRONTEND: ValueKind = {
  ...matching(/^(?:buildkit|portable|\d+\.\d+)$/, '"buildkit", "portable" or a version of docker/dockerfile, as "1.7"'),
  words: ["buildkit", "portable"],
};

/** A reference to a frontend's image, for `# syntax=`. */
export const SYNTAX: ValueKind = matching(
  /^[a-z0-9][A-Za-z0-9._\-/:@]*$/,
  'the image of a frontend, as "docker/dockerfile:1.7"',
);

/** What Docker 20.10 and buildah read. */
const PORTABLE = "1.2";

interface Limit {
  readonly version: string;
  readonly labs: boolean;
  readonly isPortable: boolean;
  readonly label: string;
}

/**
 * The file with nothing in it that its reader does not know: what has an equivalent is written so.
 * @throws BaseImageError naming a feature that has none, and the version that it needs.
 */
export function fitted(file: DockerfileFile, frontend: Frontend): DockerfileFile {
  const limits = limitsOf(frontend, file.syntax);
  if (limits.length === 0) return file;
  const shells = new Map<string, readonly string[]>();
  const stages = file.stages.map((stage) => {
    const base = typeof stage.from.image === "string" ? stage.from.image : "";
    return fitStage(stage, limits, shells.get(base) ?? DEFAULT_SHELL, shells);
  });
  return { ...file, stages };
}

/** The first frontend that knows contexts other than the one of the build. */
export const NAMED_CONTEXTS = "1.4";

/**
 * Refuses named contexts where their reader would take the name for an image.
 * @throws BaseImageError BASE_IMAGE_FRONTEND_TOO_OLD
 */
export function assertContexts(names: readonly string[], frontend: Frontend, syntax: string | undefined): void {
  const [name] = names;
  const limit = limitsOf(frontend, syntax).find(({ version }) => isOlder(version, NAMED_CONTEXTS));
  if (name === undefined || limit === undefined) return;
  throw tooOld({ name: `the named context ${name}`, frontend: NAMED_CONTEXTS }, limit, "the definition");
}

const DEFAULT_SHELL = ["/bin/sh", "-c"];

function fitStage(
  stage: FileStage,
  limits: readonly Limit[],
  inherited: readonly string[],
  shells: Map<string, readonly string[]>,
): FileStage {
  let shell = inherited;
  const entries = stage.entries.map((entry) => {
    if (entry.instruction === "COMMENT") return entry;
    if (entry.instruction === "SHELL") shell = entry.words;
    return fit(entry, limits, shell, stage.from.name ?? "");
  });
  if (stage.from.name !== undefined) shells.set(stage.from.name, shell);
  return { ...stage, entries };
}

function fit(given: Instruction, limits: readonly Limit[], shell: readonly string[], stage: string): Instruction {
  if (given.instruction === "ONBUILD") return { ...given, trigger: fit(given.trigger, limits, shell, stage) };
  return featuresOf(given).reduceRight<Instruction>((instruction, feature) => {
    const limit = limits.find((each) => isBeyond(feature, each));
    if (limit === undefined) return instruction;
    const without = feature.without?.(instruction, shell);
    if (without !== undefined) return without;
    throw tooOld(feature, limit, `stage ${stage}: ${instruction.instruction}`);
  }, given);
}

function isBeyond({ frontend, labs, engine }: Feature, limit: Limit): boolean {
  if (limit.isPortable && engine !== undefined) return true;
  return isOlder(limit.version, limit.labs ? (labs ?? frontend) : frontend);
}

function tooOld(
  { name, frontend, labs, engine }: Omit<Feature, "isUsedBy">,
  { label }: Limit,
  place: string,
): BaseImageError {
  const version = `docker/dockerfile ${frontend}${labs === undefined ? "" : ` (or ${labs}-labs)`}`;
  const needed = engine === undefined ? version : `${version} and Docker Engine ${engine}`;
  return new BaseImageError(
    "BASE_IMAGE_FRONTEND_TOO_OLD",
    `${place} uses ${name}, which needs ${needed}; the target is ${label}`,
  );
}

/** A tag that is no version, as `latest`, or only a major one, stands for the newest. */
function limitsOf(frontend: Frontend, syntax: string | undefined): readonly Limit[] {
  const limits: Limit[] = [];
  if (frontend === "portable") limits.push({ version: PORTABLE, labs: false, isPortable: true, label: "portable" });
  else if (frontend !== "buildkit") limits.push({ version: frontend, labs: false, isPortable: false, label: frontend });
  const tag = /\/dockerfile:(\d+)(\.\d+)?(?:\.\d+)?(-labs)?(?:@|$)/.exec(syntax ?? "");
  if (tag !== null) {
    const version = `${tag[1] ?? "1"}${tag[2] ?? ".9999"}`;
    limits.push({ version, labs: tag[3] !== undefined, isPortable: false, label: `syntax ${syntax ?? ""}` });
  }
  return limits;
}
