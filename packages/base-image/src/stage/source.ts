import { BaseImageError } from "../errors.ts";
import { partsOf, type Text } from "../dockerfile/text.ts";
import { referenceText, type ImageBase, type NamedContext } from "./base.ts";
import type { Stage } from "./stage.ts";

/** Where a COPY or a mount may take files from. */
export type Source = Stage | ImageBase | NamedContext;

/** The stages a source needs: itself, if it is one. */
export function stagesIn(source: Source | undefined): readonly Stage[] {
  return source?.kind === "stage" ? [source] : [];
}

/** What a source is where it is no stage. */
export function outsideOf(source: Source | undefined): readonly Exclude<Source, Stage>[] {
  return source === undefined || source.kind === "stage" ? [] : [source];
}

/** What stands after `from=`. */
export function sourceName(source: Source): string {
  if (source.kind !== "image") return source.name;
  if (partsOf(source.image).every((part) => typeof part === "string")) return referenceText(source);
  throw new BaseImageError(
    "BASE_IMAGE_INVALID_VALUE",
    `--from=${referenceText(source)} holds a variable, which BuildKit does not expand there; expected a fixed reference`,
    { hint: "Make a stage from the image and copy from the stage." },
  );
}

/** Whether ADD downloads it: URLs and git repositories; one in a variable may be. */
export function isRemote(source: Text): boolean {
  const [start = ""] = partsOf(source);
  return typeof start !== "string" || /^(?:https?:\/\/|git:\/\/|ssh:\/\/|git@|github\.com\/)/.test(start);
}
