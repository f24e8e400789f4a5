import { isUtf8 } from "node:buffer";

/** A byte that belongs to no UTF-8 sequence stands in a text as this and its value: halves of a pair that UTF-8 cannot hold. */
const ESCAPE = 0xdc00;
const LEAST_ESCAPED = 0x80;

/** The text of a file. Bytes that are not UTF-8 stand in it as single surrogates, which {@link encodeText} turns back. */
export function decodeBytes(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString("utf8");
  const pieces: string[] = [];
  let begin = 0;
  for (let at = 0; at < bytes.length;) {
    const length = sequenceAt(bytes, at);
    if (length > 0) {
      at += length;
      continue;
    }
    pieces.push(bytes.toString("utf8", begin, at), String.fromCharCode(ESCAPE + (bytes[at] ?? 0)));
    at += 1;
    begin = at;
  }
  return pieces.join("") + bytes.toString("utf8", begin);
}

/** The bytes of a text: what {@link decodeBytes} was given. */
export function encodeText(text: string): Buffer {
  if (text.isWellFormed()) return Buffer.from(text);
  const pieces = text.split(/((?<![\uD800-\uDBFF])[\uDC80-\uDCFF])/);
  return Buffer.concat(
    pieces.map((piece, index) => (index % 2 === 0 ? Buffer.from(piece) : Buffer.of(piece.charCodeAt(0) - ESCAPE))),
  );
}

/** The length of the UTF-8 sequence that begins here; 0 when none does. */
function sequenceAt(bytes: Buffer, at: number): number {
  const first = bytes[at] ?? 0;
  if (first < LEAST_ESCAPED) return 1;
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  const sequence = bytes.subarray(at, at + length);
  return sequence.length === length && isUtf8(sequence) ? length : 0;
}
