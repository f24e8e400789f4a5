/**
 * What no start on Node can be faster than by much: it connects to PostgreSQL, logs in by SCRAM, asks the one question and becomes the
 * app, and does nothing else: no definition, no signals, no errors, no TLS. It runs as CommonJS without its types, so it imports nothing.
 */
const { connect } = process.getBuiltinModule("node:net");
const { createHash, createHmac, pbkdf2Sync, randomBytes } = process.getBuiltinModule("node:crypto");

const { hostname, port, username, password, pathname } = new URL(process.env["DATABASE_URL"] ?? "");
const bare = `n=*,r=${randomBytes(18).toString("base64")}`;
const socket = connect(Number(port), hostname).setNoDelay(true);
socket.write(untyped(int32(196_608), `user\0${username}\0database\0${pathname.slice(1)}\0\0`));
let bytes = Buffer.alloc(0);
let asked = false;
socket.on("data", (chunk) => {
  bytes = Buffer.concat([bytes, chunk]);
  while (bytes.length > 4 && bytes.length > bytes.readInt32BE(1)) {
    const end = 1 + bytes.readInt32BE(1);
    take(bytes.toString("latin1", 0, 1), bytes.subarray(5, end));
    bytes = bytes.subarray(end);
  }
});

function take(type: string, body: Buffer): void {
  if (type === "E") throw new Error(body.toString());
  if (type === "R") prove(body.readInt32BE(0), body.toString("latin1", 4));
  if (type !== "Z") return;
  if (asked) process.execve?.("/usr/bin/env", ["env", "--", "true"], process.env);
  asked = true;
  socket.write(typed("Q", "select version from schema_migrations\0"));
}

function prove(kind: number, first: string): void {
  if (kind === 10) socket.write(typed("p", "SCRAM-SHA-256\0", int32(bare.length + 3), `n,,${bare}`));
  if (kind !== 11) return;
  const [, nonce = "", salt = "", rounds = ""] = /^r=(.*),s=(.*),i=(\d+)/.exec(first) ?? [];
  const final = `c=biws,r=${nonce}`;
  const salted = pbkdf2Sync(password, Buffer.from(salt, "base64"), Number(rounds), 32, "sha256");
  const key = createHmac("sha256", salted).update("Client Key").digest();
  const stored = createHash("sha256").update(key).digest();
  const mask = createHmac("sha256", stored).update(`${bare},${first},${final}`).digest();
  const proof = Buffer.from(key.map((byte, at) => byte ^ (mask[at] ?? 0)));
  socket.write(typed("p", `${final},p=${proof.toString("base64")}`));
}

function typed(type: string, ...parts: readonly (Buffer | string)[]): Buffer {
  return Buffer.concat([Buffer.from(type), untyped(...parts)]);
}

function untyped(...parts: readonly (Buffer | string)[]): Buffer {
  const body = Buffer.concat(parts.map((part) => Buffer.from(part)));
  return Buffer.concat([int32(4 + body.length), body]);
}

function int32(value: number): Buffer {
  const four = Buffer.alloc(4);
  four.writeInt32BE(value);
  return four;
}
