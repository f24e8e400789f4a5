import { hash } from "node:crypto";

import { AssetSyncError } from "../errors.ts";
import type { AssetSyncConfig } from "./definition.ts";
import { checkNotEmpty } from "./environment.ts";
import { said } from "./said.ts";
import { nearestSpelling } from "./spelling.ts";
import type { Target } from "./target.ts";

/** How the bucket is to encrypt what it stores; for `aws:kms`, with the named key or the account's own. */
export interface Encryption {
  readonly algorithm: "AES256" | "aws:kms" | "aws:kms:dsse";
  readonly keyId?: string;
}

/** What objects in a bucket get beside bytes and headers. Encryption holds for the ledger too, the rest for assets only. */
export interface ObjectOptions {
  readonly acl?: string;
  readonly storageClass?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly encryption?: Encryption;
}

/** The words of a command line that become object options. */
export interface ObjectFlags {
  readonly acl?: string;
  readonly storageClass?: string;
  /** `NAME=VALUE` each. */
  readonly tag?: readonly string[];
  readonly sse?: string;
  readonly sseKmsKeyId?: string;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#canned-acl */
const ACLS = [
  "private",
  "public-read",
  "public-read-write",
  "authenticated-read",
  "aws-exec-read",
  "bucket-owner-read",
  "bucket-owner-full-control",
] as const;

const ENCRYPTIONS = ["AES256", "aws:kms", "aws:kms:dsse"] as const;

/** Classes whose objects can be read at once; from the others a browser gets an error. Other stores have names of their own. */
const UNREADABLE_CLASSES: ReadonlySet<string> = new Set(["GLACIER", "DEEP_ARCHIVE"]);

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html */
const MOST_TAGS = 10;

/**
 * Completes what is said of objects: a flag wins over the configuration file.
 *
 * @throws AssetSyncError ASSET_SYNC_OPTION_INVALID
 */
export function objectOptions(flags: ObjectFlags, file: AssetSyncConfig, target: Target): ObjectOptions {
  checkNotEmpty({ "sse-kms-key-id": flags.sseKmsKeyId });
  const { acl = file.acl, storageClass = file.storageClass, sse = file.sse } = flags;
  const tags = flags.tag === undefined ? file.tags : readTags(flags.tag);
  const sseKmsKeyId = flags.sseKmsKeyId ?? file.sseKmsKeyId;
  if (target.kind === "folder") refuseWords({ acl, storageClass, tag: tags, sse, sseKmsKeyId });
  if (acl !== undefined) checkWord("acl", acl, ACLS);
  if (storageClass !== undefined) checkStorageClass(storageClass);
  if (tags !== undefined) checkTags(tags);
  const encryption = readEncryption(sse, sseKmsKeyId);
  return said({ acl, storageClass, tags, encryption });
}

function refuseWords(words: Readonly<Record<string, unknown>>): void {
  const given = Object.keys(words).find((name) => words[name] !== undefined);
  if (given === undefined) return;
  throw invalid(`--${dashed(given)} is given, but the target is a folder, which has no place for it.`);
}

function readEncryption(sse: string | undefined, keyId: string | undefined): Encryption | undefined {
  if (sse !== undefined) checkWord("sse", sse, ENCRYPTIONS);
  const algorithm = ENCRYPTIONS.find((one) => one === sse);
  if (keyId === undefined) return algorithm === undefined ? undefined : { algorithm };
  if (algorithm === undefined || algorithm === "AES256") {
    throw invalid("--sse-kms-key-id is given without --sse aws:kms.");
  }
  return { algorithm, keyId };
}

function checkWord(flag: string, word: string, known: readonly string[]): void {
  if (known.includes(word)) return;
  const near = nearestSpelling(word, known);
  const meant = near === undefined ? "." : `; did you mean ${near}?`;
  throw invalid(`--${flag} ${JSON.stringify(word)}: expected one of ${known.join(", ")}${meant}`);
}

function checkStorageClass(word: string): void {
  if (!/^[A-Z][A-Z0-9_]*$/.test(word)) {
    throw invalid(`--storage-class ${JSON.stringify(word)}: expected a name like STANDARD_IA.`);
  }
  if (UNREADABLE_CLASSES.has(word)) {
    throw invalid(`--storage-class ${word}: objects of this class cannot be served without restoring them first.`);
  }
}

function readTags(words: readonly string[]): Readonly<Record<string, string>> {
  const tags: Record<string, string> = {};
  for (const word of words) {
    const at = word.indexOf("=");
    const name = word.slice(0, Math.max(at, 0));
    if (name === "") throw invalid(`--tag ${JSON.stringify(word)}: expected NAME=VALUE.`);
    if (Object.hasOwn(tags, name)) throw invalid(`--tag ${name} is given twice.`);
    tags[name] = word.slice(at + 1);
  }
  return tags;
}

function checkTags(tags: Readonly<Record<string, string>>): void {
  const count = Object.keys(tags).length;
  if (count > MOST_TAGS) throw invalid(`${count} tags are given; S3 takes ${MOST_TAGS} an object.`);
}

function dashed(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function invalid(message: string): AssetSyncError {
  return new AssetSyncError("ASSET_SYNC_OPTION_INVALID", message);
}

/**
 * Stands for what objects get beside bytes and headers, so that a later sync sees that it is something else now; undefined
 * for nothing. A digest, as who may read a ledger need not know of accounts and keys.
 */
export function optionsDigest({ acl, storageClass, tags = {}, encryption }: ObjectOptions): string | undefined {
  const pairs = Object.entries(tags).toSorted(([left], [right]) => (left < right ? -1 : 1));
  const words = [acl, storageClass, encryption?.algorithm, encryption?.keyId, pairs.length === 0 ? undefined : pairs];
  if (words.every((one) => one === undefined)) return undefined;
  return hash("sha256", JSON.stringify(words.map((one) => one ?? null))).slice(0, 16);
}
