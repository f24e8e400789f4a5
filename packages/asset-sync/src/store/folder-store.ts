import { link, open, readFile, rename, rm, stat, unlink, writeFile } from "node:fs/promises";
import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

import { RESERVED_FOLDER } from "../config/reserved-folder.ts";
import { messageOf } from "../errors.ts";
import { digestFile, sha256, type FileDigest } from "../scan/digest.ts";
import { FolderDrafts } from "./folder-drafts.ts";
import { listFolder } from "./folder-list.ts";
import { OversizeError } from "./oversize.ts";
import { errorCode, folderFailure } from "./folder-failure.ts";
import { withFolderLock } from "./folder-lock.ts";
import { checkKey } from "./key.ts";
import { makeFolder } from "./make-folder.ts";
import { otherBytes } from "./other-bytes.ts";
import type { RequestCounter } from "./request-counter.ts";
import { checkTime } from "./store-clock.ts";
import type {
  CopyRequest,
  KeptObject,
  KeyRange,
  LargePutRequest,
  ListedObject,
  PutCondition,
  PutRequest,
  PutResult,
  Store,
  StoredHead,
  StoredHeaders,
  StoredObject,
} from "./store.ts";

/** Bytes of a large object that are held at a time. */
const PIECE = 1024 * 1024;

/** Reported by the file system when an object is not there; a folder at its place is no object either. */
const ABSENT = new Set(["ENOENT", "ENOTDIR", "EISDIR"]);

/**
 * A folder as a store: each object is a file at its key, so that any web server can serve it; headers are kept in
 * `.asset-sync/headers`. Writes are atomic and conditions hold between processes.
 */
export function folderStore(directory: string, counter: RequestCounter): Store {
  return new FolderStore(directory, counter);
}

class FolderStore implements Store {
  readonly directory: string;
  readonly #counter: RequestCounter;
  readonly #drafts: FolderDrafts;
  readonly isPublic = (): Promise<undefined> => Promise.resolve(undefined);
  readonly region = (): undefined => undefined;
  readonly conditions = (): "kept" => "kept";
  /** All that use a folder are taken to have the same clock. */
  readonly now = (): number => Date.now() / 1000;

  constructor(directory: string, counter: RequestCounter) {
    this.directory = directory;
    this.#counter = counter;
    this.#drafts = new FolderDrafts(join(directory, RESERVED_FOLDER, "drafts"));
  }

  locate(key: string): string {
    return pathToFileURL(this.object(key)).href;
  }

  versionOf(body: Buffer): string {
    return sha256(body);
  }

  close(): void {}

  async get(key: string, _signal?: AbortSignal, atMost = Number.POSITIVE_INFINITY): Promise<StoredObject | undefined> {
    this.#counter.add("get");
    const { size = 0 } = (await stat(this.object(key)).catch(() => undefined)) ?? {};
    if (size > atMost) throw new OversizeError(size, atMost);
    const body = await readFile(this.object(key)).catch((error: unknown) => absentOrFailed(error, this.object(key)));
    return body === undefined ? undefined : { body, version: sha256(body), headers: await this.headers(key) };
  }

  async head(key: string): Promise<StoredHead | undefined> {
    this.#counter.add("head");
    const there = await this.present(key);
    if (there === undefined) return undefined;
    const { size, sha256: hex } = there;
    const digest = { algorithm: "sha256", hex } as const;
    return { size, version: hex, headers: await this.headers(key), digest, sha256: hex };
  }

  async digest(key: string): Promise<string | undefined> {
    this.#counter.add("get");
    return (await this.present(key))?.sha256;
  }

  list(range: KeyRange): AsyncIterable<readonly ListedObject[]> {
    this.#counter.add("list");
    return listFolder(this.directory, range);
  }

  async put(request: PutRequest, signal?: AbortSignal): Promise<PutResult> {
    this.#counter.add("put");
    if (sha256(request.body) !== request.sha256) throw otherBytes(request.key);
    return this.when(request, signal, () => this.write(request, (draft) => writeFile(draft, request.body)));
  }

  async putLarge(request: LargePutRequest, signal?: AbortSignal): Promise<PutResult> {
    this.#counter.add("put");
    const content = async (draft: string): Promise<void> => {
      if ((await writePieces(draft, request, signal)) !== request.sha256) throw otherBytes(request.key);
    };
    return this.when(request, signal, () => this.write(request, content));
  }

  async copy({ key, headers, condition }: CopyRequest, signal?: AbortSignal): Promise<PutResult> {
    this.#counter.add("copy");
    return this.when({ key, condition }, signal, async () => {
      await this.writeHeaders(key, headers);
      return { outcome: "stored", version: condition.version };
    });
  }

  async delete(keys: readonly string[], signal?: AbortSignal, notAfter?: number): Promise<readonly KeptObject[]> {
    this.#counter.add("delete");
    const kept: KeptObject[] = [];
    for (const key of keys) {
      const path = this.object(key);
      signal?.throwIfAborted();
      checkTime(this, notAfter);
      try {
        await unlink(path).catch((error: unknown) => absentOrFailed(error, path));
        await rm(this.sidecar(key), { force: true });
      } catch (error) {
        kept.push({ key, reason: messageOf(error) });
      }
    }
    return kept;
  }

  private object(key: string): string {
    checkKey(key);
    return join(this.directory, ...key.split("/"));
  }

  private async headers(key: string): Promise<StoredHeaders> {
    const text = await readFile(this.sidecar(key), "utf8").catch((error: unknown) =>
      absentOrFailed(error, this.sidecar(key)),
    );
    return text === undefined ? {} : parseHeaders(text);
  }

  /** Size and SHA-256 of an object; undefined when there is none. */
  private async present(key: string): Promise<FileDigest | undefined> {
    return digestFile(this.object(key)).catch((error: unknown) => absentOrFailed(error, this.object(key)));
  }

  /** Does `work` while the condition holds. That nothing is there is for `work` to see to. */
  private async when(
    { key, condition }: { readonly key: string; readonly condition?: PutCondition },
    signal: AbortSignal | undefined,
    work: () => Promise<PutResult>,
  ): Promise<PutResult> {
    try {
      if (condition?.kind !== "version") return await work();
      return await withFolderLock(join(this.directory, RESERVED_FOLDER, "lock"), signal, async () => {
        const present = await this.present(key);
        return present?.sha256 === condition.version ? work() : { outcome: "refused" };
      });
    } catch (error) {
      throw folderFailure(error, this.object(key));
    }
  }

  private async write(
    { key, headers, sha256: version, condition }: Omit<PutRequest, "body">,
    content: (draft: string) => Promise<void>,
  ): Promise<PutResult> {
    // A link is refused when the name is taken, which a rename is not.
    const arrive = condition?.kind === "absent" ? link : rename;
    if (await this.place(this.object(key), content, arrive)) return { outcome: "refused" };
    await this.writeHeaders(key, headers);
    return { outcome: "stored", version };
  }

  private async writeHeaders(key: string, headers: StoredHeaders): Promise<void> {
    const text = `${JSON.stringify({ key, headers })}\n`;
    await this.place(this.sidecar(key), (draft) => writeFile(draft, text), rename);
  }

  /** Writes beside, then moves to where readers look, so that they see all or nothing. Says whether the name was taken. */
  private async place(
    path: string,
    content: (draft: string) => Promise<void>,
    arrive: typeof rename,
  ): Promise<boolean> {
    return this.#drafts.lend(async (draft) => {
      await makeFolder(dirname(path));
      try {
        await content(draft);
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
    return join(this.directory, RESERVED_FOLDER, "headers", `${sha256(Buffer.from(key))}.json`);
  }
}

/** Writes all bytes to `draft`, a piece at a time, and returns their SHA-256. */
async function writePieces(draft: string, request: LargePutRequest, signal: AbortSignal | undefined): Promise<string> {
  const hash = createHash("sha256");
  const piece = Buffer.allocUnsafeSlow(PIECE);
  await using file = await open(draft, "wx");
  for (let at = 0, took = await request.read(piece, 0); took > 0; took = await request.read(piece, at)) {
    at += took;
    signal?.throwIfAborted();
    hash.update(piece.subarray(0, took));
    await file.writeFile(piece.subarray(0, took));
  }
  return hash.digest("hex");
}

/** What cannot be read counts as no headers: whoever looks sees that they are wrong, and whoever sends writes them anew. */
function parseHeaders(text: string): StoredHeaders {
  try {
    const { headers }: { readonly headers?: object } = JSON.parse(text);
    return Object.fromEntries(Object.entries(headers ?? {}).map(([name, header]) => [name, String(header)]));
  } catch {
    return {};
  }
}

function absentOrFailed(error: unknown, path: string): undefined {
  if (ABSENT.has(errorCode(error))) return undefined;
  throw folderFailure(error, path);
}
