import type { LedgerFile, LedgerFiles } from "./ledger.ts";

/** How to make keys and rows of what a ledger's files come from. */
export interface FileWords<T> {
  readonly keyOf: (source: T) => string;
  readonly rowOf: (source: T, at: number) => LedgerFile;
}

/** Files whose rows are made when they are asked for: there may be a hundred thousand, and few are needed at a time. */
export class SortedFiles<T> implements LedgerFiles {
  readonly #sources: readonly T[];
  readonly #words: FileWords<T>;
  /** The place after the one that was found last: nearly all who ask go through their keys in order. */
  #next = 0;

  /** @param sources in the order of their keys, without repeats */
  constructor(sources: readonly T[], words: FileWords<T>) {
    this.#sources = sources;
    this.#words = words;
  }

  get size(): number {
    return this.#sources.length;
  }

  get(key: string): LedgerFile | undefined {
    const at = this.#find(key);
    const source = this.#sources[at];
    return source === undefined ? undefined : this.#words.rowOf(source, at);
  }

  has(key: string): boolean {
    return this.#find(key) !== NOWHERE;
  }

  keys(): Iterable<string> {
    return this.#sources.map((source) => this.#words.keyOf(source));
  }

  *values(): Generator<LedgerFile, undefined> {
    for (const [at, source] of this.#sources.entries()) yield this.#words.rowOf(source, at);
  }

  *[Symbol.iterator](): Generator<[key: string, file: LedgerFile], undefined> {
    const { keyOf, rowOf } = this.#words;
    for (const [at, source] of this.#sources.entries()) yield [keyOf(source), rowOf(source, at)];
  }

  #find(key: string): number {
    const at = this.#keyAt(this.#next) === key ? this.#next : this.#firstNotBefore(key);
    this.#next = at + 1;
    return this.#keyAt(at) === key ? at : NOWHERE;
  }

  #keyAt(at: number): string | undefined {
    const source = this.#sources[at];
    return source === undefined ? undefined : this.#words.keyOf(source);
  }

  /** Where a key is, or would have to be. */
  #firstNotBefore(key: string): number {
    let from = 0;
    let to = this.#sources.length;
    while (from < to) {
      const middle = (from + to) >> 1;
      if ((this.#keyAt(middle) ?? key) < key) from = middle + 1;
      else to = middle;
    }
    return from;
  }
}

const NOWHERE = -1;
