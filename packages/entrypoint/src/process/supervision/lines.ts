const NEWLINE = 0x0a;

/** The longest line that is kept whole, in bytes; of a longer one the parts may have other processes' lines between them. */
export const LONGEST_LINE: number = 4 * 1024 * 1024;

/** Takes whole lines, in one piece. */
export type TakeLines = (lines: Buffer) => void;

/** Makes whole lines out of pieces. Bytes are passed on as they are. */
export interface LineAssembler {
  push(piece: Buffer): void;
  /** Passes on what is left of a last line that has no end. */
  flush(): void;
}

/** Assembles lines and puts `prefix` before each of them. */
export function assembleLines(prefix: string, take: TakeLines): LineAssembler {
  const head = Buffer.from(prefix);
  let pending: Buffer[] = [];
  let length = 0;
  let within = false;
  const emit = (last: Buffer): void => {
    const lines = pending.length === 0 ? last : Buffer.concat([...pending, last]);
    pending = [];
    length = 0;
    if (lines.length === 0) return;
    take(head.length === 0 ? lines : prefixed(head, lines, within));
    within = lines.at(-1) !== NEWLINE;
  };
  return {
    push: (piece) => {
      const end = piece.lastIndexOf(NEWLINE) + 1;
      if (end > 0) emit(piece.subarray(0, end));
      if (end === piece.length) return;
      pending.push(piece.subarray(end));
      length += piece.length - end;
      if (length > LONGEST_LINE) emit(Buffer.alloc(0));
    },
    flush: () => {
      emit(Buffer.alloc(0));
      within = false;
    },
  };
}

/** `within`: they begin with the rest of a line that has its prefix. */
function prefixed(head: Buffer, lines: Buffer, within: boolean): Buffer {
  const parts: Buffer[] = [];
  for (let from = 0; from < lines.length;) {
    const newline = lines.indexOf(NEWLINE, from);
    const end = newline === -1 ? lines.length : newline + 1;
    if (!within || from > 0) parts.push(head);
    parts.push(lines.subarray(from, end));
    from = end;
  }
  return Buffer.concat(parts);
}
