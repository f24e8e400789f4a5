/** Members of a list that are made into text at once. */
const AT_ONCE = 4096;

/** Bytes that are made into base64 at once: whole groups of three, so that the pieces add up to the base64 of all. */
const BYTES_AT_ONCE = 3 * AT_ONCE;

/**
 * The JSON of an object, as UTF-8. Long lists in it are written a piece at a time: the text of a large ledger would be
 * needed only for as long as it takes to make bytes of it, and be as large as these.
 *
 * @param value lists in it hold what JSON can say, and so does all else; buffers are written as base64
 */
export function jsonBytes(value: Readonly<Record<string, unknown>>): Buffer {
  const text = new ByteText(roughLength(value));
  write(text, value);
  return text.bytes();
}

function write(text: ByteText, value: unknown): void {
  if (Buffer.isBuffer(value)) writeBase64(text, value);
  else if (Array.isArray(value) && value.length > AT_ONCE) writeList(text, value);
  else if (typeof value === "object" && value !== null && !Array.isArray(value)) writeMembers(text, value);
  else text.add(JSON.stringify(value));
}

function writeList(text: ByteText, list: readonly unknown[]): void {
  for (let at = 0; at < list.length; at += AT_ONCE) {
    text.add(at === 0 ? "[" : ",");
    text.add(JSON.stringify(list.slice(at, at + AT_ONCE)).slice(1, -1));
  }
  text.add("]");
}

function writeBase64(text: ByteText, bytes: Buffer): void {
  text.add('"');
  for (let at = 0; at < bytes.length; at += BYTES_AT_ONCE) {
    text.add(bytes.toString("base64", at, Math.min(at + BYTES_AT_ONCE, bytes.length)));
  }
  text.add('"');
}

function writeMembers(text: ByteText, members: object): void {
  let before = "{";
  for (const [name, value] of Object.entries(members)) {
    text.add(`${before}${JSON.stringify(name)}:`);
    write(text, value);
    before = ",";
  }
  text.add(before === "{" ? "{}" : "}");
}

/** About as many bytes as the text will have. */
function roughLength(value: unknown): number {
  if (typeof value === "string") return value.length + 3;
  if (Buffer.isBuffer(value)) return 1.4 * value.length;
  if (typeof value !== "object" || value === null) return 8;
  const members: readonly unknown[] = Array.isArray(value) ? value : Object.values(value);
  return members.reduce((sum: number, member) => sum + roughLength(member), 64);
}

/** Bytes that grow with the text put into them. Room that is never written to costs no memory. */
class ByteText {
  #buffer: Buffer;
  #length = 0;

  constructor(expected: number) {
    this.#buffer = Buffer.allocUnsafeSlow(Math.ceil(2 * expected));
  }

  add(text: string): void {
    // No character of a text has more than three bytes of UTF-8.
    const most = this.#length + 3 * text.length;
    if (most > this.#buffer.length) this.#grow(Math.max(most, Math.ceil(this.#buffer.length * 1.5)));
    this.#length += this.#buffer.write(text, this.#length);
  }

  bytes(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  #grow(to: number): void {
    const grown = Buffer.allocUnsafeSlow(to);
    this.#buffer.copy(grown, 0, 0, this.#length);
    this.#buffer = grown;
  }
}
