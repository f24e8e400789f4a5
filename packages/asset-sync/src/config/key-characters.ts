import { AssetSyncError } from "../errors.ts";

/** What a user calls each part of what a request is signed with. */
export interface KeyNames {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/** The parts that are known. */
export type KeyParts = { readonly [Part in keyof KeyNames]?: string | undefined };

interface Rule {
  readonly part: keyof KeyNames;
  /** The first character that cannot be right. */
  readonly wrong: RegExp;
  readonly expected: string;
}

/**
 * Access key and token are sent in headers, the access key among fields that commas part:
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-auth-using-authorization-header.html. MinIO takes slashes in it. A
 * secret is not sent, and of servers other than AWS' may be any line of text.
 */
const RULES: readonly Rule[] = [
  { part: "accessKeyId", wrong: /[^!-~]|,/u, expected: "visible ASCII characters without comma" },
  { part: "secretAccessKey", wrong: /\p{Cc}/u, expected: "one line of text" },
  { part: "sessionToken", wrong: /[^!-~]/u, expected: "visible ASCII characters" },
];

/**
 * Refuses what no request can be signed with; shows nothing of it but the kind of one character and where that is.
 *
 * @throws AssetSyncError ASSET_SYNC_CREDENTIALS_MALFORMED
 */
export function checkKeyCharacters(keys: KeyParts, names: KeyNames): void {
  for (const { part, wrong, expected } of RULES) {
    const value: unknown = keys[part] ?? "";
    if (typeof value !== "string") throw malformed(`${names[part]} is no text: expected ${expected}.`);
    const at = value.search(wrong);
    const character = value[at];
    if (character === undefined) continue;
    const place = `character ${at + 1} of ${value.length}`;
    throw malformed(`${names[part]} has ${kindOf(character)} in it (${place}): expected ${expected}.`);
  }
}

function malformed(message: string): AssetSyncError {
  return new AssetSyncError("ASSET_SYNC_CREDENTIALS_MALFORMED", message);
}

function kindOf(character: string): string {
  return KINDS[character] ?? "a character";
}

const KINDS: Readonly<Record<string, string>> = {
  "\n": "a line end",
  "\r": "a carriage return",
  "\t": "a tab",
  " ": "a blank",
  ",": "a comma",
};
