import { closeSync, readSync } from "node:fs";
import { Socket } from "node:net";

import { openCensor } from "../redaction/concealed.ts";
import { assembleLines, type LineAssembler } from "./lines.ts";
import type { Pipe } from "./pipes.ts";
import { openSink, type Sink } from "./sink.ts";

const NEWLINE = 0x0a;

/** Read into again and again: a piece of its own for each end of a process would be much garbage for mostly nothing. */
const SCRATCH: Buffer = Buffer.alloc(65_536);

/** How long output that nobody reads may hold up the end, or a process that is started again. */
const PATIENCE_MS = 1_000;

/** Where processes write to, so that their lines come out whole. */
export interface Relay {
  /** The descriptor that a process is given as its stream. */
  readonly writing: number;
  /** Reads what is left in the pipe and passes a last line without an end on. Nobody may be writing any more. */
  finish(): void;
}

/** Brings the output of several processes to one stream of this process. */
export interface Outlet {
  relay(pipe: Pipe, prefix: string): Relay;
  /** Resolves when what has been written was taken, or nothing of it for a second; `undefined` where there is room for more. */
  room(): Promise<void> | undefined;
  /** Closes the pipes; resolves when everything is written, or nobody has read it for a second. */
  close(): Promise<void>;
}

interface Reader {
  readonly pipe: Pipe;
  readonly socket: Socket;
}

/** Opens an outlet to standard output or standard error. Memory stays bounded: who writes faster than it is read waits. */
export function openOutlet(fd: 1 | 2): Outlet {
  const sink = openSink(fd);
  const readers: Reader[] = [];
  const line = { open: false, by: -1 };
  let waiting: Promise<void> | undefined;
  // A reader that is gone: the processes get what they would get without this one in between.
  sink.on("error", () => readers.map(({ socket }) => socket.destroy()));
  sink.on("drain", () => readers.map(({ socket }) => socket.resume()));
  return {
    relay: (pipe, prefix) => {
      const by = readers.length;
      const lines = assembleLines(prefix, (bytes) => {
        if (line.open && line.by !== by) sink.write("\n");
        Object.assign(line, { open: bytes.at(-1) !== NEWLINE, by });
        if (!sink.write(bytes)) for (const { socket } of readers) socket.pause();
      });
      const socket = new Socket({ fd: pipe.reading, writable: false });
      const censored = behindCensor(lines);
      socket.on("data", (piece: Buffer) => censored.push(piece)).on("error", () => undefined);
      readers.push({ pipe, socket });
      return { writing: pipe.writing, finish: () => drain(socket, pipe.reading, censored) };
    },
    room: () => {
      if (!sink.writableNeedDrain) return undefined;
      waiting ??= orStalled(sink, "drain").finally(() => (waiting = undefined));
      return waiting;
    },
    close: () => closeAll(sink, readers),
  };
}

/** Lines without what is concealed, if anything is. */
function behindCensor(lines: LineAssembler): LineAssembler {
  const censor = openCensor();
  if (censor === undefined) return lines;
  return {
    push: (piece) => lines.push(censor.push(piece)),
    flush: () => {
      lines.push(censor.end());
      lines.flush();
    },
  };
}

function drain(socket: Socket, reading: number, lines: LineAssembler): void {
  // What the stream has read already, and emits now as data, comes before what is still in the pipe.
  while (socket.read() !== null);
  for (let piece = readPipe(reading); piece.length > 0; piece = readPipe(reading)) lines.push(piece);
  lines.flush();
}

/** Empty when there is nothing. */
function readPipe(reading: number): Buffer {
  try {
    return Buffer.from(SCRATCH.subarray(0, readSync(reading, SCRATCH)));
  } catch {
    return Buffer.alloc(0);
  }
}

async function closeAll(sink: Sink, readers: readonly Reader[]): Promise<void> {
  for (const { socket, pipe } of readers) {
    socket.destroy();
    closeSync(pipe.writing);
  }
  const written = orStalled(sink, "close");
  sink.end();
  await written;
  sink.destroy();
}

/** Resolves with the event, when the stream is closed, or when nothing was taken from it for a second. */
async function orStalled(sink: Sink, event: "drain" | "close"): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  await new Promise<void>((resolve) => {
    let before = sink.taken;
    timer = setInterval(() => {
      if (sink.taken === before) resolve();
      before = sink.taken;
    }, PATIENCE_MS);
    for (const name of new Set([event, "close"])) sink.once(name, resolve);
  });
  clearInterval(timer);
}
