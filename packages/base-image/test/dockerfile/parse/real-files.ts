import { readdirSync, readFileSync } from "node:fs";

const FOLDERS = [new URL("files/", import.meta.url), new URL("../../golden/", import.meta.url)];

/** A Dockerfile as people write them. */
export interface RealFile {
  readonly name: string;
  readonly text: string;
}

/** Dockerfiles of many styles, and those this package renders. */
export function realFiles(): readonly RealFile[] {
  return FOLDERS.flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith("Dockerfile"))
      .map((name) => ({ name, text: readFileSync(new URL(name, folder), "utf8") })),
  ).toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
