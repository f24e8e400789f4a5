import { readdirSync, readlinkSync, readSync, writeSync } from "node:fs";

import { fieldsOf, flagsOf, infoOf } from "./descriptor-info.ts";

/** libuv writes one of these for each signal it catches: a pointer to the watcher, then the number, padded. */
const MESSAGE = 16;
const NUMBER_OFFSET = 8;

const LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

const NON_BLOCKING = 0o4000;
const CLOSE_ON_EXEC = 0o2000000;
const ACCESS_MODE = 0o3;

/** A pipe through which libuv's signal handler tells its loop what it caught: its two ends. */
export interface SignalPipe {
  readonly reading: number;
  readonly writing: number;
}

/**
 * libuv's signal pipes. Such a pipe has both ends in this process, non-blocking and close-on-exec, and the loop waits for
 * its reading end; nothing that was inherited is like that. Empty where /proc does not show it.
 */
export function findSignalPipes(): readonly SignalPipe[] {
  try {
    const files = readdirSync("/proc/self/fd").map(openFile);
    const epolls = files.filter(({ target }) => target === EPOLL);
    const awaited = new Set(epolls.flatMap(({ fd }) => awaitedBy(infoOf(fd))));
    return files.flatMap(({ fd, target }) => {
      if (!target.startsWith("pipe:") || !awaited.has(fd) || !isEnd(infoOf(fd), 0)) return [];
      const other = files.find((file) => file.target === target && file.fd !== fd && isEnd(infoOf(file.fd), 1));
      return other === undefined ? [] : [{ reading: fd, writing: other.fd }];
    });
  } catch {
    return [];
  }
}

/**
 * The numbers of the signals that were caught and not yet dispatched; libuv itself drops those of a closed watcher. What
 * was read is put back, because libuv closes no watcher for which a message is missing, and Node would never exit.
 */
export function caughtSignals(pipes: readonly SignalPipe[]): readonly number[] {
  return pipes.flatMap(readCaught);
}

interface OpenFile {
  readonly fd: number;
  readonly target: string;
}

const EPOLL = "anon_inode:[eventpoll]";

/** Without a target for the descriptor that listed the folder, which is closed again. */
function openFile(name: string): OpenFile {
  try {
    return { fd: Number(name), target: readlinkSync(`/proc/self/fd/${name}`) };
  } catch {
    return { fd: Number(name), target: "" };
  }
}

function awaitedBy(info: string): readonly number[] {
  return fieldsOf(info, "tfd:").map((text) => Number.parseInt(text, 10));
}

function isEnd(info: string, mode: 0 | 1): boolean {
  const flags = flagsOf(info);
  const ours = NON_BLOCKING | CLOSE_ON_EXEC;
  return (flags & ACCESS_MODE) === mode && (flags & ours) === ours;
}

function readCaught({ reading, writing }: SignalPipe): readonly number[] {
  const bytes = Buffer.alloc(MESSAGE * 64);
  let length: number;
  try {
    length = readSync(reading, bytes);
  } catch {
    // EAGAIN: nothing was caught.
    return [];
  }
  writeSync(writing, bytes, 0, length);
  return Array.from({ length: Math.floor(length / MESSAGE) }, (_, index) => {
    const at = index * MESSAGE + NUMBER_OFFSET;
    return LITTLE_ENDIAN ? bytes.readInt32LE(at) : bytes.readInt32BE(at);
  });
}
