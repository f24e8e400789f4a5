import { BaseImageError } from "../../errors.ts";
import { parseIgnore } from "../../stage/ignore.ts";
import type { AppSurvey } from "./app-survey.ts";
import { INPUT_ROWS } from "./input-rows.ts";
import { filesBelow, referencedFrom } from "./references.ts";

/** A file or a folder that assets are made of. */
export interface AssetInput {
  readonly path: string;
  readonly kind: "file" | "folder";
  /** The row of the table it belongs to. */
  readonly row: string;
  readonly reason: string;
}

/** What the survey cannot know. */
export interface AssetInputOptions {
  /** Further files and folders. */
  readonly also?: readonly string[];
}

const REFERENCED = { name: "references", reason: "The files above name them" };
const ALSO = { name: "also", reason: "Named by the definition" };

/**
 * The list of what the assets of an application are made of: each path once, and none below another. Pure.
 * @throws BaseImageError when `also` names what the application does not have.
 */
export function assetInputs(app: AppSurvey, { also = [] }: AssetInputOptions = {}): readonly AssetInput[] {
  const rows = INPUT_ROWS.flatMap(({ name, reason, paths }) => {
    const patterns = typeof paths === "function" ? paths(app) : paths;
    return patterns.flatMap((pattern) => found(pattern, app)).map((each) => ({ ...each, row: name, reason }));
  });
  const chosen = rows.flatMap(({ path, kind }) => (kind === "file" ? [path] : filesBelow(path, app)));
  const named = referencedFrom(chosen, app).flatMap((path) => found(path, app));
  const more = also.flatMap((path) => given(path, app));
  return outermost([
    ...rows,
    ...named.map((each) => ({ ...each, row: REFERENCED.name, reason: REFERENCED.reason })),
    ...more.map((each) => ({ ...each, row: ALSO.name, reason: ALSO.reason })),
  ]);
}

type Place = Pick<AssetInput, "kind" | "path">;

/** What of the application a pattern takes; a folder counts as one, the whole application as what lies at its top. */
function found(pattern: string, app: AppSurvey): readonly Place[] {
  if (pattern === ".") return [...new Set(app.files.map((file) => file.split("/", 1)[0] ?? ""))].map(placeIn(app));
  if (app.files.includes(pattern)) return [{ path: pattern, kind: "file" }];
  if (filesBelow(pattern, app).length > 0) return [{ path: pattern, kind: "folder" }];
  if (!/[*?]/.test(pattern)) return [];
  const { isIgnored: matches } = parseIgnore(pattern);
  return app.files.filter(matches).map((path) => ({ path, kind: "file" }));
}

function placeIn(app: AppSurvey): (path: string) => Place {
  return (path) => ({ path, kind: app.files.includes(path) ? "file" : "folder" });
}

function given(path: string, app: AppSurvey): readonly Place[] {
  const places = found(path.replace(/\/$/, ""), app);
  if (places.length > 0) return places;
  throw new BaseImageError(
    "BASE_IMAGE_INVALID_VALUE",
    `assetInputs(): also names ${JSON.stringify(path)}; expected a file or a folder of the application`,
  );
}

/** Keeps the first of each path, and of a folder and what is below it only the folder. */
function outermost(inputs: readonly AssetInput[]): readonly AssetInput[] {
  const folders = new Set(inputs.flatMap(({ kind, path }) => (kind === "folder" ? [path] : [])));
  const seen = new Set<string>();
  return inputs.filter(({ path }) => {
    if (seen.has(path)) return false;
    seen.add(path);
    const above = path.split("/").map((_, depth, parts) => parts.slice(0, depth).join("/"));
    return !above.some((folder) => folders.has(folder));
  });
}
