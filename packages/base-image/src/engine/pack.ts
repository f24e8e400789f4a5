import { createReadStream } from "node:fs";
import { posix } from "node:path";
import { Readable } from "node:stream";

import { pack, type PackOptions } from "tar-fs";

import { BaseImageError, reasonOf } from "../errors.ts";
import type { ContextEntry, ContextManifest } from "./context.ts";

/** Where the context holds the Dockerfile, beside whatever the application has. */
export const DOCKERFILE_PATH = ".slipway/Dockerfile";

const ROOT = "/context";
const EPOCH = new Date(0);

/** `sort`, `fs` and `umask` are options of tar-fs that its types leave out. */
type FullOptions = PackOptions & { readonly fs: unknown; readonly sort: boolean; readonly umask: number };

/**
 * A context and its Dockerfile as a tar: sorted, without times and owners, the same bytes for the same content. It ends with
 * BASE_IMAGE_CONTEXT_ENTRY at a file that has gone, or become shorter, since the context was read.
 */
export function packContext(context: ContextManifest, dockerfile: string): Readable {
  const entries = new Map(context.entries.map((entry) => [posix.join(ROOT, entry.path), entry]));
  const folder: ContextEntry = { path: "", kind: "directory", mode: 0o755, size: 0, content: "", source: "" };
  entries.set(ROOT, folder);
  entries.set(posix.join(ROOT, posix.dirname(DOCKERFILE_PATH)), folder);
  const text = Buffer.from(dockerfile);
  entries.set(posix.join(ROOT, DOCKERFILE_PATH), { ...folder, kind: "file", mode: 0o644, size: text.byteLength });
  const options: FullOptions = { fs: treeOf(entries, text), sort: true, umask: 0 };
  return Readable.from(pack(ROOT, options), { objectMode: false });
}

type Callback<T> = (error: Error | null, value?: T) => void;

/** The part of node:fs that tar-fs reads through, over entries instead of a disk. */
function treeOf(entries: ReadonlyMap<string, ContextEntry>, dockerfile: Buffer): object {
  const children = new Map<string, string[]>();
  for (const path of entries.keys()) {
    if (path === ROOT) continue;
    const siblings = children.get(posix.dirname(path)) ?? [];
    children.set(posix.dirname(path), [...siblings, posix.basename(path)]);
  }
  const entry = (path: string): ContextEntry => {
    const found = entries.get(posix.normalize(path).replace(/(.)\/$/, "$1"));
    if (found === undefined) throw new Error(`${path} is not in the context`);
    return found;
  };
  return {
    lstat: (path: string, done: Callback<object>) => done(null, statsOf(entry(path))),
    readdir: (path: string, done: Callback<readonly string[]>) =>
      done(null, [...(children.get(posix.normalize(path).replace(/(.)\/$/, "$1")) ?? [])]),
    readlink: (path: string, done: Callback<string>) => done(null, entry(path).content),
    createReadStream: (path: string) => {
      const { source, size } = entry(path);
      if (source === "") return Readable.from([dockerfile], { objectMode: false });
      return size === 0 ? Readable.from([]) : Readable.from(firstBytes(source, size), { objectMode: false });
    },
  };
}

/** As many bytes as the entry's header says, and no more: a log grows, and what follows would be no tar. */
async function* firstBytes(source: string, size: number): AsyncGenerator<Buffer> {
  let sent = 0;
  try {
    for await (const chunk of createReadStream(source, { end: size - 1 }) as AsyncIterable<Buffer>) {
      sent += chunk.length;
      yield chunk;
    }
  } catch (cause) {
    throw changed(source, reasonOf(cause), cause);
  }
  if (sent < size) throw changed(source, `${sent} of its ${size} bytes are left`);
}

function changed(source: string, how: string, cause?: unknown): BaseImageError {
  return new BaseImageError("BASE_IMAGE_CONTEXT_ENTRY", `${source} changed while the build began: ${how}`, {
    cause,
    hint: "Build again; name what changes by itself in .dockerignore.",
  });
}

function statsOf({ kind, mode, size }: ContextEntry): object {
  return {
    isDirectory: () => kind === "directory",
    isSymbolicLink: () => kind === "link",
    isFile: () => kind === "file",
    isSocket: () => false,
    mode,
    size,
    mtime: EPOCH,
    uid: 0,
    gid: 0,
  };
}
