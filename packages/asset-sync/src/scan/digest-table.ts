/** Bytes of a SHA-256. */
export const DIGEST_BYTES = 32;

/** Digests of a block. */
const PER_BLOCK = 1024;

/**
 * The SHA-256 digests of many files, as bytes beside one another: as texts they would be objects of their own, which are twice
 * as large and have to be looked at whenever garbage is collected.
 */
export class DigestTable {
  readonly #blocks: Buffer[] = [];
  #count = 0;

  /** Takes a digest in hex; returns its place. */
  add(hex: string): number {
    const place = this.#count;
    if (place % PER_BLOCK === 0) this.#blocks.push(Buffer.allocUnsafeSlow(PER_BLOCK * DIGEST_BYTES));
    this.#blocks.at(-1)?.write(hex, (place % PER_BLOCK) * DIGEST_BYTES, DIGEST_BYTES, "hex");
    this.#count += 1;
    return place;
  }

  /** The digest at a place, in lower-case hex. */
  at(place: number): string {
    const block = this.#blocks[Math.floor(place / PER_BLOCK)];
    if (block === undefined) throw new Error(`there is no digest ${place}`);
    const from = (place % PER_BLOCK) * DIGEST_BYTES;
    return block.toString("hex", from, from + DIGEST_BYTES);
  }
}
