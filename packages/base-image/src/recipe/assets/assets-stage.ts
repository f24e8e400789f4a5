import { posix } from "node:path";

import { pathsTakenBy } from "../../stage/inputs.ts";
import type { Stage } from "../../stage/stage.ts";
import type { AppSurvey } from "./app-survey.ts";
import type { AssetInput } from "./asset-inputs.ts";

/**
 * Copies what assets are made of into the working directory, each row of the table under its reason:
 * `stage("assets", gems).with(copyAssetInputs(assetInputs(app)))`. What a stage below has already taken from the context
 * is left as that stage made it.
 */
export function copyAssetInputs(inputs: readonly AssetInput[]): (stage: Stage) => Stage {
  return (stage) => {
    const taken = new Set(pathsTakenBy(stage));
    const needed = inputs.filter(({ path }) => !taken.has(path));
    return [...Map.groupBy(needed, ({ reason }) => reason)].reduce(
      (so, [reason, row]) => copyRow(so.comment(reason), row),
      stage,
    );
  };
}

/** One COPY for the files of each folder, and one for each folder that is taken whole. */
function copyRow(stage: Stage, row: readonly AssetInput[]): Stage {
  const files = row.filter(({ kind }) => kind === "file").map(({ path }) => path);
  const folders = row.filter(({ kind }) => kind === "folder").map(({ path }) => path);
  const withFiles = [...Map.groupBy(files, (path) => posix.dirname(path))].reduce(
    (so, [folder, paths]) => so.copy(paths, folder === "." ? "./" : `${folder}/`),
    stage,
  );
  return folders.reduce((so, folder) => so.copy(`${folder}/`, `${folder}/`), withFiles);
}

/**
 * The folders whose Ruby and YAML bootsnap compiles ahead of time. Views, scripts and stylesheets are in none of them, so a
 * change of those compiles nothing of Ruby again.
 */
export function bootsnapFolders({ files }: AppSurvey): readonly string[] {
  const ruby = files.filter((file) => /^(?:app\/[^/]+|lib|config)\/.*\.(?:rb|ya?ml)$/.test(file));
  const folders = ruby.map((file) => /^(?:app\/[^/]+|lib|config)/.exec(file)?.[0] ?? "");
  return [...new Set(folders)].toSorted();
}
