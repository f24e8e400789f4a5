import type nodeCrypto from "node:crypto";

import { MOST_ROUNDS } from "../connection.ts";
import { int32, int32At, message, type Message } from "./messages.ts";

/** Node's module, which is loaded while the server answers. */
export type Crypto = typeof nodeCrypto;

/** Kinds of the server's authentication requests. */
const [OK, CLEARTEXT, MD5, SASL, SASL_CONTINUE, SASL_FINAL] = [0, 3, 5, 10, 11, 12];
const SCRAM = "SCRAM-SHA-256";

/**
 * Answers a server's authentication requests, with a password of ASCII, which SCRAM takes as it is; `undefined`: nothing is sent.
 * The function throws for a log-in that is not known here, and for a server that does not prove that it knows the password.
 * Source: https://www.postgresql.org/docs/current/sasl-authentication.html
 */
export function openLogIn(crypto: Crypto, user: string, password: string): (request: Message) => Buffer | undefined {
  const bare = `n=*,r=${crypto.randomBytes(18).toString("base64")}`;
  const md5 = (...parts: readonly (Buffer | string)[]): string =>
    parts.reduce((hash, part) => hash.update(part), crypto.createHash("md5")).digest("hex");
  /** What the server has to say before it may take the log-in for done; `null`: nothing that it says will do yet. */
  let awaited: string | null | undefined;
  return ({ body }) => {
    const [kind, rest] = [int32At(body, 0), body.subarray(4)];
    const words = rest.toString("latin1");
    if (kind === OK || kind === SASL_FINAL) {
      if (awaited !== undefined && words !== awaited)
        throw new Error("the server does not prove that it knows the password");
      awaited = undefined;
      return undefined;
    }
    if (kind === CLEARTEXT) return message("p", `${password}\0`);
    if (kind === MD5) return message("p", `md5${md5(md5(password + user), rest.subarray(0, 4))}\0`);
    if (kind === SASL && words.split("\0").includes(SCRAM)) {
      awaited = null;
      return message("p", `${SCRAM}\0`, int32(`n,,${bare}`.length), `n,,${bare}`);
    }
    if (kind !== SASL_CONTINUE || awaited !== null)
      throw new Error(`the server asks for an unknown log-in (${String(kind)})`);
    const { final, signature } = proof(crypto, password, { bare, first: words });
    awaited = `v=${signature}`;
    return message("p", final);
  };
}

/** Whether a request asks for nothing more: the log-in is done. */
export function isAdmission({ body }: Message): boolean {
  return int32At(body, 0) === OK;
}

interface Said {
  readonly bare: string;
  readonly first: string;
}

/** What proves the password to the server, and by what the server proves that it knows it. Source: RFC 5802, section 3. */
function proof(crypto: Crypto, password: string, { bare, first }: Said): { final: string; signature: string } {
  const [, nonce = "", salt = "", rounds = ""] =
    /^r=([!-+\--~]+),s=([A-Za-z\d+/=]+),i=([1-9]\d*)(?:,|$)/.exec(first) ?? [];
  if (!`n=*,r=${nonce}`.startsWith(bare)) throw new Error("the server's SCRAM log-in is malformed");
  if (Number(rounds) > MOST_ROUNDS)
    throw new Error(`the server asks for ${rounds} rounds of SCRAM, more than ${String(MOST_ROUNDS)}`);
  const hmac = (key: Buffer, said: string): Buffer => crypto.createHmac("sha256", key).update(said).digest();
  const said = `c=biws,r=${nonce}`;
  const all = `${bare},${first},${said}`;
  const salted = crypto.pbkdf2Sync(password, Buffer.from(salt, "base64"), Number(rounds), 32, "sha256");
  const key = hmac(salted, "Client Key");
  const mask = hmac(crypto.createHash("sha256").update(key).digest(), all);
  const client = Buffer.from(key.map((byte, at) => byte ^ (mask[at] ?? 0)));
  return {
    final: `${said},p=${client.toString("base64")}`,
    signature: hmac(hmac(salted, "Server Key"), all).toString("base64"),
  };
}
