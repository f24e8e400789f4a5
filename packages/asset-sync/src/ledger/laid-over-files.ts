import type { LedgerFile, LedgerFiles } from "./ledger.ts";

/**
 * Files with rows laid over them, which hold for keys that have both. A ledger has a hundred thousand rows that are made
 * when they are asked for, and a build adds few: to put them into one map, all would have to be made. Looks at both whenever
 * it is asked, so neither may change.
 */
export class LaidOverFiles implements LedgerFiles {
  readonly size: number;
  readonly #under: LedgerFiles;
  readonly #over: ReadonlyMap<string, LedgerFile>;
  /** The rows whose keys are only on top. */
  readonly #added: readonly [key: string, file: LedgerFile][];

  constructor(under: LedgerFiles, over: ReadonlyMap<string, LedgerFile>) {
    this.#under = under;
    this.#over = over;
    this.#added = [...over].filter(([key]) => !under.has(key));
    this.size = under.size + this.#added.length;
  }

  get(key: string): LedgerFile | undefined {
    return this.#over.get(key) ?? this.#under.get(key);
  }

  has(key: string): boolean {
    return this.#over.has(key) || this.#under.has(key);
  }

  *keys(): Generator<string, undefined> {
    yield* this.#under.keys();
    for (const [key] of this.#added) yield key;
  }

  *values(): Generator<LedgerFile, undefined> {
    for (const [, file] of this) yield file;
  }

  *[Symbol.iterator](): Generator<[key: string, file: LedgerFile], undefined> {
    for (const [key, file] of this.#under) yield [key, this.#over.get(key) ?? file];
    yield* this.#added;
  }
}
