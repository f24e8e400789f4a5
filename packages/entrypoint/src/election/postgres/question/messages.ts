/** One message of the server's: its type and what follows its length. */
export interface Message {
  readonly type: string;
  readonly body: Buffer;
}

const LENGTH = 4;
const PROTOCOL_3 = 196_608;
const SSL_CODE = 80_877_103;

/** Asks for TLS before anything else is said. */
export const SSL_REQUEST: Buffer = withLength(int32(SSL_CODE));

/** A client's message. Source: https://www.postgresql.org/docs/current/protocol-message-formats.html */
export function message(type: string, ...parts: readonly (Buffer | string)[]): Buffer {
  return Buffer.concat([Buffer.from(type), withLength(...parts)]);
}

/** The first message of a session. Parameters without a value are left out: poolers refuse some for their name alone. */
export function startup(parameters: Readonly<Record<string, string | undefined>>): Buffer {
  const given = Object.entries(parameters).filter(([, value]) => (value ?? "") !== "");
  return withLength(int32(PROTOCOL_3), ...given.map(([key, value]) => `${key}\0${value ?? ""}\0`), "\0");
}

function withLength(...parts: readonly (Buffer | string)[]): Buffer {
  const body = Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part) : part)));
  return Buffer.concat([int32(LENGTH + body.length), body]);
}

export function int32(value: number): Buffer {
  const bytes = Buffer.alloc(LENGTH);
  bytes.writeInt32BE(value);
  return bytes;
}

/** A number of the server's. */
export function int32At(body: Buffer, at: number): number {
  if (body.length < at + LENGTH) throw new Error("the server's answer is cut off");
  return body.readInt32BE(at);
}

/** The error that a server reports, with its SQLSTATE as `code`. */
export function serverError({ body }: Message): Error {
  const fields = body.toString("utf8").split("\0");
  const field = (name: string): string => fields.find((one) => one.startsWith(name))?.slice(1) ?? "";
  return Object.assign(new Error(field("M")), { code: field("C") });
}

/** The first column of a row, behind the number of columns and its own length. */
export function firstColumn({ body }: Message): string {
  return body.toString("utf8", 2 + LENGTH, 2 + LENGTH + int32At(body, 2));
}
