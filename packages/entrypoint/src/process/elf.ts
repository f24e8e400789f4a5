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

/** An open ELF file, and its first bytes: what is in them need not be read again. */
export interface ElfFile {
  readonly fd: number;
  readonly start: Buffer;
  readonly size: number;
}

/** What a file needs to be loaded, or why Linux would not load it, as words that follow the file's name. */
export type Inspected = { readonly problem: string } | { readonly loader: string | undefined };

/** Looks into an ELF file for its dynamic loader (PT_INTERP) and for what Linux would refuse. */
export function inspectElf(file: ElfFile): Inspected {
  const header = readAt(file, 0, HEADER.size);
  const own = ownHeader();
  const misfit = own === undefined ? undefined : headerProblem(header, own);
  if (misfit !== undefined) return { problem: misfit };
  if (header.length < HEADER.size || header[HEADER.class] !== CLASS_64) return { loader: undefined };
  const segments = readSegments(file, header);
  const segment = segments?.find(({ type }) => type === INTERPRETER);
  const loader = segment === undefined ? undefined : readPath(file, segment);
  if (own === undefined) return { loader };
  if (segments === undefined) return { problem: "is cut off or broken in its ELF program headers" };
  const isCut = segments.some(({ type, offset, filesz }) => type === LOAD && offset + filesz > file.size);
  if (isCut) return { problem: "is cut off: it is shorter than its ELF segments" };
  return segment !== undefined && loader === undefined ? { problem: "names its dynamic loader wrongly" } : { loader };
}

function headerProblem(header: Buffer, own: Buffer): string | undefined {
  if (header.length < HEADER.machine + 2) return "is cut off in its ELF header";
  if (!sameMachine(header, own)) return `is built for another processor than this container's (${process.arch})`;
  if (own[HEADER.class] !== CLASS_64) return undefined;
  if (header.length < HEADER.size) return "is cut off in its ELF header";
  const type = integers(header).u16(HEADER.type);
  return type === EXECUTABLE || type === SHARED ? undefined : "is an ELF file, but not a program";
}

function sameMachine(header: Buffer, own: Buffer): boolean {
  return (
    header[HEADER.class] === own[HEADER.class] &&
    header[HEADER.data] === own[HEADER.data] &&
    header.readUInt16LE(HEADER.machine) === own.readUInt16LE(HEADER.machine)
  );
}

function readSegments(file: ElfFile, header: Buffer): readonly Segment[] | undefined {
  const { u16, u64 } = integers(header);
  const length = u16(HEADER.phnum) * ENTRY.size;
  if (u16(HEADER.phentsize) !== ENTRY.size || length === 0 || length > LARGEST_TABLE) return undefined;
  const table = readAt(file, u64(HEADER.phoff), length);
  if (table.length < length) return undefined;
  return Array.from({ length: u16(HEADER.phnum) }, (_, index) => {
    const entry = integers(table.subarray(index * ENTRY.size), header[HEADER.data]);
    return { type: entry.u32(0), offset: entry.u64(ENTRY.offset), filesz: entry.u64(ENTRY.filesz) };
  });
}

function readPath(file: ElfFile, { offset, filesz }: Segment): string | undefined {
  if (filesz < 2 || filesz > LONGEST_PATH) return undefined;
  const path = readAt(file, offset, filesz);
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

let ownBytes: Buffer | undefined;

/** The header of the Node that runs this: what it is built for, this container can execute. Not known without /proc. */
function ownHeader(): Buffer | undefined {
  if (ownBytes !== undefined) return ownBytes;
  let fd: number;
  try {
    fd = openSync(process.execPath, "r");
  } catch {
    return undefined;
  }
  try {
    ownBytes = readFrom(fd, 0, HEADER.size);
    return ownBytes;
  } finally {
    closeSync(fd);
  }
}

function readAt({ fd, start }: ElfFile, position: number, length: number): Buffer {
  const end = position + length;
  return end <= start.length ? start.subarray(position, end) : readFrom(fd, position, length);
}

function readFrom(fd: number, position: number, length: number): Buffer {
  if (!Number.isSafeInteger(position)) return Buffer.alloc(0);
  const bytes = Buffer.alloc(length);
  return bytes.subarray(0, readSync(fd, bytes, 0, length, position));
}
