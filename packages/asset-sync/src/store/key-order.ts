/** The order of keys in a listing: by the bytes of UTF-8, in which characters beyond the basic plane come last. */
export function compareKeys(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}
