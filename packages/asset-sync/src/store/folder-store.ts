import { link, mkdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

import { AssetSyncError } from "../errors.ts";
import { sha256 } from "../scan/digest.ts";
import { FolderDrafts } from "./folder-drafts.ts";
import { listFolder } from "./folder-list.ts";
import { errorCode, folderFailure } from "./folder-failure.ts";
import { withFolderLock } from "./folder-lock.ts";
import type { RequestCounter } from "./request-counter.ts";
import type { CopyRequest, PutRequest, PutResult, Store, StoredHeaders } from "./store.ts";

/** The store's own corner of the folder, beside the ledger. */
const CORNER = ".asset-sync";

/** Reported by the file system when an object is not there; a folder at its place is no object either. */
const ABSENT = new Set(["ENOENT", "ENOTDIR", "EISDIR"]);

/**
 * A folder as a store: each object is a file at its key, so that any web server can serve it; headers are kept in
 * `.asset-sync/headers`. Writes are atomic and conditions hold between processes.
 */
export function folderStore(directory: string, counter: RequestCounter): Store {
  const root = new Folder(directory);
  return {
    locate: (key) => pathToFileURL(root.object(key)).href,
    get: async (key) => {
      counter.add("get");
      const body = await root.read(key);
      return body === undefined ? undefined : { body, version: sha256(body), headers: await root.headers(key) };
    },
    head: async (key) => {
      counter.add("head");
      const body = await root.read(key);
      if (body === undefined) return undefined;
      const hex = sha256(body);
      const digest = { algorithm: "sha256", hex } as const;
      return { size: body.length, version: hex, headers: await root.headers(key), digest, sha256: hex };
    },
    put: (request, signal) => {
      counter.add("put");
      return root.put(request, signal);
    },
    copy: (request, signal) => {
      counter.add("copy");
      return root.copy(request, signal);
    },
    list: (range) => {
      counter.add("list");
      return listFolder(directory, range);
    },
    region: () => Promise.resolve(undefined),
    close: () => undefined,
  };
}

class Folder {
  readonly directory: string;
  readonly #drafts: FolderDrafts;

  constructor(directory: string) {
    this.directory = directory;
    this.#drafts = new FolderDrafts(join(directory, CORNER, "drafts"));
  }

  object(key: string): string {
    return join(this.directory, ...key.split("/"));
  }

  async read(key: string): Promise<Buffer | undefined> {
    return readFile(this.object(key)).catch((error: unknown) => absentOrFailed(error, this.object(key)));
  }

  async headers(key: string): Promise<StoredHeaders> {
    const text = await readFile(this.sidecar(key), "utf8").catch((error: unknown) =>
      absentOrFailed(error, this.sidecar(key)),
    );
    return text === undefined ? {} : parseHeaders(text);
  }

  async put(request: PutRequest, signal: AbortSignal | undefined): Promise<PutResult> {
    if (sha256(request.body) !== request.sha256) {
      throw new AssetSyncError(
        "ASSET_SYNC_FILE_CHANGED",
        `The bytes for ${request.key} are not those that were scanned.`,
      );
    }
    const { condition } = request;
    try {
      if (condition?.kind !== "version") return await this.write(request);
      return await withFolderLock(join(this.directory, CORNER, "lock"), signal, async () => {
        const present = await this.read(request.key);
        if (present === undefined || sha256(present) !== condition.version) return { outcome: "refused" };
        return this.write(request);
      });
    } catch (error) {
      throw folderFailure(error, this.object(request.key));
    }
  }

  async copy({ key, headers, condition }: CopyRequest, signal: AbortSignal | undefined): Promise<PutResult> {
    try {
      return await withFolderLock(join(this.directory, CORNER, "lock"), signal, async () => {
        const present = await this.read(key);
        const version = present === undefined ? undefined : sha256(present);
        if (version === undefined || (condition !== undefined && condition.version !== version)) {
          return { outcome: "refused" };
        }
        await this.place(this.sidecar(key), `${JSON.stringify({ key, headers })}\n`, rename);
        return { outcome: "stored", version };
      });
    } catch (error) {
      throw folderFailure(error, this.object(key));
    }
  }

  private async write(request: PutRequest): Promise<PutResult> {
    // A link is refused when the name is taken, which a rename is not.
    const arrive = request.condition?.kind === "absent" ? link : rename;
    const taken = await this.place(this.object(request.key), request.body, arrive);
    if (taken) return { outcome: "refused" };
    const { key, headers } = request;
    await this.place(this.sidecar(key), `${JSON.stringify({ key, headers })}\n`, rename);
    return { outcome: "stored", version: request.sha256 };
  }

  /** Writes beside, then moves to where readers look, so that they see all or nothing. Says whether the name was taken. */
  private async place(path: string, content: string | Buffer, arrive: typeof rename): Promise<boolean> {
    return this.#drafts.lend(async (draft) => {
      await mkdir(dirname(path), { recursive: true });
      try {
        await writeFile(draft, content);
        await arrive(draft, path);
        return false;
      } catch (error) {
        if (errorCode(error) !== "EEXIST") throw error;
        if (!(await stat(path)).isDirectory()) return true;
        throw Object.assign(new Error("EISDIR: the name is a folder's", { cause: error }), { code: "EISDIR" });
      }
    });
  }

  /** Named by a digest: a key may be as long as a name can be, and one key may go on where another ends. */
  private sidecar(key: string): string {
    return join(this.directory, CORNER, "headers", `${sha256(Buffer.from(key))}.json`);
  }
}

function parseHeaders(text: string): StoredHeaders {
  const { headers }: { readonly headers?: object } = JSON.parse(text);
  return Object.fromEntries(Object.entries(headers ?? {}).map(([name, header]) => [name, String(header)]));
}

function absentOrFailed(error: unknown, path: string): undefined {
  if (ABSENT.has(errorCode(error))) return undefined;
  throw folderFailure(error, path);
}
