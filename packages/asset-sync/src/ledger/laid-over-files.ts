import type { LedgerFile, LedgerFiles } from "./ledger.ts";

/**
 * Files with rows laid over them, which hold for keys that have both. A ledger has a hundred thousand rows that are made
 * when they are asked for, and a build adds few: to put them into one map, all would have to be made.
 */
export class LaidOverFiles implements LedgerFiles {
  readonly size: number;
  readonly #under: LedgerFiles;
  readonly #over: ReadonlyMap<string, LedgerFile>;
  /** Keys that only the rows on top have. */
  readonly #added: readonly string[];

  constructor(under: LedgerFiles, over: ReadonlyMap<string, LedgerFile>) {
    // One layer, however many are laid on each other: whoever asks would have to go through all.
    this.#under = under instanceof LaidOverFiles ? under.#under : under;
    this.#over = under instanceof LaidOverFiles ? new Map([...under.#over, ...over]) : over;
    this.#added = [...this.#over.keys()].filter((key) => !this.#under.has(key));
    this.size = this.#under.size + this.#added.length;
  }

  get(key: string): LedgerFile | undefined {
    return this.#over.get(key) ?? this.#under.get(key);
  }

  has(key: string): boolean {
    return this.#over.has(key) || this.#under.has(key);
  }

  *keys(): Generator<string, undefined> {
    yield* this.#under.keys();
    yield* this.#added;
  }

  *values(): Generator<LedgerFile, undefined> {
    for (const [, file] of this) yield file;
  }

  *[Symbol.iterator](): Generator<[key: string, file: LedgerFile], undefined> {
    for (const [key, file] of this.#under) yield [key, this.#over.get(key) ?? file];
    for (const key of this.#added) {
      const file = this.#over.get(key);
      if (file !== undefined) yield [key, file];
    }
  }
}
