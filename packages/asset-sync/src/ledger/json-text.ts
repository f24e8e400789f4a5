/** Members of a list that are made into text at once. */
const AT_ONCE = 4096;

/** Bytes that are made into base64 at once: whole groups of three, so that the pieces add up to the base64 of all. */
const BYTES_AT_ONCE = 3 * AT_ONCE;

/** Characters of a piece: few enough to be nothing beside a large ledger, many enough that a stream of them is fast. */
const PIECE = 2 ** 17;

/**
 * The JSON of an object as UTF-8, a piece at a time: that of a large ledger would be needed only until it is packed, and
 * be twice as large as what comes of it. Lists of few members are one piece, whatever these hold.
 *
 * @param value lists in it hold what JSON can say, and so does all else; buffers are written as base64
 */
export function* jsonPieces(value: Readonly<Record<string, unknown>>): Generator<Buffer, undefined> {
  let piece = "";
  for (const text of texts(value)) {
    piece += text;
    if (piece.length < PIECE) continue;
    yield Buffer.from(piece);
    piece = "";
  }
  yield Buffer.from(piece);
}

function* texts(value: unknown): Generator<string, undefined> {
  if (Buffer.isBuffer(value)) yield* base64Texts(value);
  else if (Array.isArray(value) && value.length > AT_ONCE) yield* listTexts(value);
  else if (typeof value === "object" && value !== null && !Array.isArray(value)) yield* memberTexts(value);
  else yield JSON.stringify(value);
}

function* listTexts(list: readonly unknown[]): Generator<string, undefined> {
  for (let at = 0; at < list.length; at += AT_ONCE) {
    yield at === 0 ? "[" : ",";
    yield JSON.stringify(list.slice(at, at + AT_ONCE)).slice(1, -1);
  }
  yield "]";
}

function* base64Texts(bytes: Buffer): Generator<string, undefined> {
  yield '"';
  for (let at = 0; at < bytes.length; at += BYTES_AT_ONCE) {
    yield bytes.toString("base64", at, Math.min(at + BYTES_AT_ONCE, bytes.length));
  }
  yield '"';
}

function* memberTexts(members: object): Generator<string, undefined> {
  let before = "{";
  for (const [name, value] of Object.entries(members)) {
    if (value === undefined) continue;
    yield `${before}${JSON.stringify(name)}:`;
    yield* texts(value);
    before = ",";
  }
  yield before === "{" ? "{}" : "}";
}
