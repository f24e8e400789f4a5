import { execFile } from "node:child_process";
import { rm } from "node:fs/promises";
import { join, posix } from "node:path";
import { promisify } from "node:util";

import { AssetSyncError, messageOf } from "../errors.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const run = promisify(execFile);

/** A copy of an image's public folder, gone when the scope ends. */
export interface ImagePublic extends AsyncDisposable {
  readonly publicDir: string;
}

/**
 * Copies a folder out of an image, which needs no shell and is never started. A link to the folder is followed in the
 * image; links in it are copied as they are.
 *
 * @param folder absolute, or below the image's working folder
 * @throws AssetSyncError ASSET_SYNC_IMAGE_UNREADABLE
 */
export async function imagePublic(image: string, folder: string, signal?: AbortSignal): Promise<ImagePublic> {
  const docker = async (...words: readonly string[]): Promise<string> => {
    const options = signal === undefined ? {} : { signal };
    const { stdout } = await run("docker", words, options).catch((cause: unknown) => {
      throw signal?.aborted === true ? signal.reason : unreadable(image, words[0] ?? "", cause);
    });
    return stdout.trim();
  };
  // A name that looks like a flag is none.
  if (!/^\w/.test(image)) throw unreadable(image, "create", new Error("this is no name of an image"));
  const copied = await temporaryFolder();
  const clear = (): Promise<void> => rm(copied, { recursive: true, force: true });
  try {
    const container = await docker("create", image, "true");
    try {
      const home = await docker("inspect", "--format", "{{.Config.WorkingDir}}", container);
      const inside = posix.resolve(home === "" ? "/" : home, folder);
      await docker("cp", "--follow-link", `${container}:${inside}`, join(copied, "public")).catch((error: unknown) => {
        throw signal?.aborted === true ? error : notCopied(image, inside, error);
      });
    } finally {
      // Without the signal, which may be why there is nothing more to be done with it.
      await run("docker", ["rm", "--force", container]).catch((cause: unknown) => {
        throw unreadable(image, "rm", cause);
      });
    }
    return { publicDir: join(copied, "public"), [Symbol.asyncDispose]: clear };
  } catch (error) {
    await clear();
    throw error;
  }
}

/** A folder that is not there is rather elsewhere in the image: its working folder is all that says where the app lies. */
function notCopied(image: string, inside: string, cause: unknown): AssetSyncError {
  return new AssetSyncError("ASSET_SYNC_IMAGE_UNREADABLE", messageOf(cause), {
    hint: `Name the public folder of ${image} with --image-dir: ${inside} was looked for, below the image's WORKDIR unless it is absolute.`,
    cause,
  });
}

function unreadable(image: string, doing: string, cause: unknown): AssetSyncError {
  const said = cause instanceof Error && "stderr" in cause ? String(cause.stderr).trim() : "";
  const reason = said === "" && cause instanceof Error ? cause.message : said;
  return new AssetSyncError(
    "ASSET_SYNC_IMAGE_UNREADABLE",
    `Image ${JSON.stringify(image)}, docker ${doing}: ${reason}`,
    { cause },
  );
}
