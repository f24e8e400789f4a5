/** BuildKit reads no line longer than this, in bytes and without its line feed. */
export const LINE_LIMIT = 65_535;

/** Hands out the lines of a file one after the other: offsets into the text and the number of the line. */
export class PhysicalLines {
  readonly source: string;
  /** The number of the line handed out last; 0 before the first. */
  line = 0;
  /** Where that line begins. */
  start = 0;
  /** The end of what it says: its line feed, and carriage returns before that, are behind. */
  end = 0;
  /** Where the next line begins. */
  next: number;

  /** A byte-order mark is in no line. */
  constructor(source: string) {
    this.source = source;
    this.next = source.charCodeAt(0) === 0xfeff ? 1 : 0;
  }

  /** Goes on to the next line; false at the end of the file. */
  advance(): boolean {
    const { source } = this;
    if (this.next >= source.length) return false;
    const feed = source.indexOf("\n", this.next);
    this.start = this.next;
    this.next = feed === -1 ? source.length : feed + 1;
    this.end = feed === -1 ? source.length : feed;
    while (this.end > this.start && source.charCodeAt(this.end - 1) === 0x0d) this.end -= 1;
    this.line += 1;
    return true;
  }

  /** Whether the line is longer than BuildKit reads. */
  isTooLong(): boolean {
    const { source, start, next } = this;
    const units = next - start;
    if (units * 3 <= LINE_LIMIT) return false;
    const end = source.charCodeAt(next - 1) === 0x0a ? next - 1 : next;
    return end - start > LINE_LIMIT || Buffer.byteLength(source.slice(start, end)) > LINE_LIMIT;
  }
}
