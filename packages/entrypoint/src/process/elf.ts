import { closeSync, openSync, readSync } from "node:fs";

/** Offsets of the 64-bit layout: https://man7.org/linux/man-pages/man5/elf.5.html */
const HEADER = { size: 64, class: 4, data: 5, type: 16, machine: 18, phoff: 32, phentsize: 54, phnum: 56 } as const;
const ENTRY = { size: 56, offset: 8, filesz: 32 } as const;
const [EXECUTABLE, SHARED] = [2, 3];
const [LOAD, INTERPRETER] = [1, 3];
const [CLASS_64, LITTLE_ENDIAN] = [2, 1];

/** Linux takes no longer table of segments, and no longer path of a dynamic loader. */
const LARGEST_TABLE = 65_536;
const LONGEST_PATH = 4_096;

interface Segment {
  readonly type: number;
  readonly offset: number;
  readonly filesz: number;
}

/** Whether a file that begins like this calls itself an ELF file. */
export function isElf(start: Buffer): boolean {
  return start.toString("latin1", 0, 4) === "\u007fELF";
}

/** Why Linux would not load this ELF file, as words that follow the file's name; `undefined` when it would. */
export function elfProblem(fd: number, size: number): string | undefined {
  const header = readAt(fd, 0, HEADER.size);
  const own = ownHeader();
  if (own === undefined) return undefined;
  if (header.length < HEADER.machine + 2) return "is cut off in its ELF header";
  if (!sameMachine(header, own)) return `is built for another processor than this container's (${process.arch})`;
  if (own[HEADER.class] !== CLASS_64) return undefined;
  if (header.length < HEADER.size) return "is cut off in its ELF header";
  const type = integers(header).u16(HEADER.type);
  if (type !== EXECUTABLE && type !== SHARED) return "is an ELF file, but not a program";
  const segments = readSegments(fd, header);
  if (segments === undefined) return "is cut off or broken in its ELF program headers";
  const cut = segments.some((segment) => segment.type === LOAD && segment.offset + segment.filesz > size);
  if (cut) return "is cut off: it is shorter than its ELF segments";
  const path = segments.find((segment) => segment.type === INTERPRETER);
  return path === undefined || readPath(fd, path) !== undefined ? undefined : "names its dynamic loader wrongly";
}

/** The dynamic loader (PT_INTERP) that a loadable ELF file needs. */
export function interpreterOf(fd: number): string | undefined {
  const header = readAt(fd, 0, HEADER.size);
  if (header.length < HEADER.size || header[HEADER.class] !== CLASS_64) return undefined;
  const segment = readSegments(fd, header)?.find(({ type }) => type === INTERPRETER);
  return segment === undefined ? undefined : readPath(fd, segment);
}

function sameMachine(header: Buffer, own: Buffer): boolean {
  return (
    header[HEADER.class] === own[HEADER.class] &&
    header[HEADER.data] === own[HEADER.data] &&
    header.readUInt16LE(HEADER.machine) === own.readUInt16LE(HEADER.machine)
  );
}

function readSegments(fd: number, header: Buffer): readonly Segment[] | undefined {
  const { u16, u64 } = integers(header);
  const length = u16(HEADER.phnum) * ENTRY.size;
  if (u16(HEADER.phentsize) !== ENTRY.size || length === 0 || length > LARGEST_TABLE) return undefined;
  const table = readAt(fd, u64(HEADER.phoff), length);
  if (table.length < length) return undefined;
  return Array.from({ length: u16(HEADER.phnum) }, (_, index) => {
    const entry = integers(table.subarray(index * ENTRY.size), header[HEADER.data]);
    return { type: entry.u32(0), offset: entry.u64(ENTRY.offset), filesz: entry.u64(ENTRY.filesz) };
  });
}

function readPath(fd: number, { offset, filesz }: Segment): string | undefined {
  if (filesz < 2 || filesz > LONGEST_PATH) return undefined;
  const path = readAt(fd, offset, filesz);
  return path.length === filesz && path.at(-1) === 0 ? path.toString("utf8", 0, path.indexOf(0)) : undefined;
}

interface Integers {
  readonly u16: (at: number) => number;
  readonly u32: (at: number) => number;
  readonly u64: (at: number) => number;
}

function integers(bytes: Buffer, data: number | undefined = bytes[HEADER.data]): Integers {
  return data === LITTLE_ENDIAN
    ? {
        u16: (at) => bytes.readUInt16LE(at),
        u32: (at) => bytes.readUInt32LE(at),
        u64: (at) => Number(bytes.readBigUInt64LE(at)),
      }
    : {
        u16: (at) => bytes.readUInt16BE(at),
        u32: (at) => bytes.readUInt32BE(at),
        u64: (at) => Number(bytes.readBigUInt64BE(at)),
      };
}

/** The header of the Node that runs this: what it is built for, this container can execute. Not known without /proc. */
function ownHeader(): Buffer | undefined {
  let fd: number;
  try {
    fd = openSync(process.execPath, "r");
  } catch {
    return undefined;
  }
  try {
    return readAt(fd, 0, HEADER.size);
  } finally {
    closeSync(fd);
  }
}

function readAt(fd: number, position: number, length: number): Buffer {
  if (!Number.isSafeInteger(position)) return Buffer.alloc(0);
  const bytes = Buffer.alloc(length);
  return bytes.subarray(0, readSync(fd, bytes, 0, length, position));
}
