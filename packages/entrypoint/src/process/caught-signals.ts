import { closeSync, openSync, readlinkSync, readSync, writeSync } from "node:fs";

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
 * The signal pipes of Node's loops, its own among them. Such a pipe has both ends in this process, non-blocking and
 * close-on-exec, and a loop waits for its reading end; nothing that was inherited is like that. Empty where /proc does not
 * show it.
 *
 * Node opens its own loop last, so it is looked for downwards from the first free descriptor, and no further: to look at all of
 * them takes a fifth of a millisecond more. Only loops that Node's options ask for lie above it, a debugger's or a worker's.
 */
export function findSignalPipes(): readonly SignalPipe[] {
  const free = firstFree();
  const most = hasOptions() ? Infinity : 1;
  const pipes: SignalPipe[] = [];
  try {
    for (let fd = free - 1; fd >= 0 && pipes.length < most; fd -= 1) {
      const pipe = targetOf(fd) === EPOLL ? pipeAwaitedBy(fd, free) : undefined;
      if (pipe !== undefined) pipes.push(pipe);
    }
  } catch {
    // There is no /proc.
  }
  return pipes;
}

function hasOptions(): boolean {
  return process.execArgv.length > 0 || process.env["NODE_OPTIONS"] !== undefined;
}

function firstFree(): number {
  const fd = openSync("/", "r");
  closeSync(fd);
  return fd;
}

function pipeAwaitedBy(epoll: number, free: number): SignalPipe | undefined {
  const reading = awaitedBy(infoOf(epoll)).find((fd) => fd < free && targetOf(fd).startsWith("pipe:") && isEnd(fd, 0));
  if (reading === undefined) return undefined;
  const target = targetOf(reading);
  // Both ends are opened at once.
  for (let writing = reading + 1; writing < free; writing += 1) {
    if (targetOf(writing) === target && isEnd(writing, 1)) return { reading, writing };
  }
  return undefined;
}

/**
 * The numbers of the signals that were caught and not yet dispatched; libuv itself drops those of a closed watcher. What
 * was read is put back, because libuv closes no watcher for which a message is missing, and Node would never exit.
 */
export function caughtSignals(pipes: readonly SignalPipe[]): readonly number[] {
  return pipes.flatMap(readCaught);
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

const EPOLL = "anon_inode:[eventpoll]";

/** What a descriptor is. */
function targetOf(fd: number): string {
  return readlinkSync(`/proc/self/fd/${String(fd)}`);
}

function awaitedBy(info: string): readonly number[] {
  return fieldsOf(info, "tfd:").map((text) => Number.parseInt(text, 10));
}

function isEnd(fd: number, mode: 0 | 1): boolean {
  const flags = flagsOf(infoOf(fd));
  const ours = NON_BLOCKING | CLOSE_ON_EXEC;
  return (flags & ACCESS_MODE) === mode && (flags & ours) === ours;
}
