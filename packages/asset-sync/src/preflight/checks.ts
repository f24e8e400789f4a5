import { RESERVED_FOLDER } from "../config/reserved-folder.ts";
import { AssetSyncError } from "../errors.ts";
import { LEDGER_KEY } from "../ledger/ledger.ts";
import { sha256 } from "../scan/digest.ts";
import { S3AnswerError, element, readFailure } from "../store/failed-request.ts";
import { look } from "../store/look.ts";
import { accessKeyWords } from "../store/s3-credentials.ts";
import { checksumHeader, checksumKind } from "../store/put-headers.ts";
import { probeConditions } from "../sync/conditions.ts";
import { failure, ok, warning, type Check, type CheckResult, type CheckWorld } from "./check.ts";

/** S3 refuses requests whose time is further off than fifteen minutes. */
const SKEW_SECONDS = 60;
const LATENCY_LOOKS = 5;
const SLOW_MS = 200;

/** All checks in their order: each needs what those before it have shown. */
export const CHECKS: readonly Check[] = [
  { name: "identity", look: identity },
  { name: "address", look: address },
  { name: "read", look: canRead },
  { name: "clock", look: clock },
  { name: "latency", look: latency },
  { name: "write", look: canWrite },
  { name: "checksums", look: checksums },
  { name: "ACLs", look: acls },
  { name: "encryption", look: encryption },
  { name: "CORS", look: cors },
];

async function identity({ connection }: CheckWorld): Promise<CheckResult> {
  const { accessKeyId, sessionToken } = await connection.credentials.current();
  return ok(`${accessKeyWords(accessKeyId)}${sessionToken === undefined ? "" : " of a session (a role)"}`);
}

async function address({ connection, target }: CheckWorld): Promise<CheckResult> {
  const { host, path, region } = connection.address;
  const style = host.startsWith(`${target.bucket}.`) ? "virtual host style" : "path style";
  return ok(`${host}${path}, ${style}, region ${region}`);
}

async function canRead({ store, signal }: CheckWorld): Promise<CheckResult> {
  try {
    const object = await store.get(LEDGER_KEY, signal);
    return ok(object === undefined ? "no ledger yet: this target was never synced to" : "the ledger is there");
  } catch (error) {
    if (!(error instanceof AssetSyncError) || error.code !== "ASSET_SYNC_ACCESS_DENIED") throw error;
    return warning(
      "the ledger cannot be read, or there is none",
      "Nothing has to be done before the first sync: S3 says so of what is not there. Later, allow s3:GetObject.",
    );
  }
}

async function clock({ connection, signal }: CheckWorld): Promise<CheckResult> {
  // Any answer tells the time, one that refuses too.
  await bucketSetting(connection, "cors", signal);
  const { ahead } = connection.clock;
  if (ahead === undefined) {
    return warning("the endpoint does not tell its time", "Set this machine's clock: `collect` goes by it.");
  }
  const seconds = Math.round(Math.abs(ahead) / 1000);
  if (seconds <= SKEW_SECONDS) return ok("this machine's clock agrees with the endpoint's");
  return warning(
    `this machine's clock is off by ${seconds} seconds`,
    "Set it: asset-sync goes by the endpoint's, other tools do not.",
  );
}

async function latency({ store, signal }: CheckWorld): Promise<CheckResult> {
  const times: number[] = [];
  for (let turn = 0; turn < LATENCY_LOOKS; turn += 1) {
    const began = performance.now();
    await look(store, LEDGER_KEY, signal);
    times.push(performance.now() - began);
  }
  const median = times.toSorted((left, right) => left - right)[Math.floor(times.length / 2)] ?? 0;
  const text = `${median.toFixed(1)} ms a request`;
  return median <= SLOW_MS ? ok(text) : warning(text, "Run builds in the region of the bucket.");
}

async function canWrite({ store, signal }: CheckWorld): Promise<CheckResult> {
  const conditions = await probeConditions(store, signal);
  if (conditions === "kept") return ok("allowed, and conditions are kept");
  return warning(
    "allowed, but conditions of a write are ignored",
    "Nothing has to be done: each sync writes a ledger of its own. `collect` needs an endpoint that keeps conditions.",
  );
}

/** Sends bytes with the digest of others: who compares them refuses. */
async function checksums({ connection, target, signal }: CheckWorld): Promise<CheckResult> {
  const kind = checksumKind(target.endpoint);
  const [body, other] = [Buffer.from("these bytes"), Buffer.from("other bytes")];
  const headers = checksumHeader(kind, { body: other, sha256: sha256(other) });
  const content = { body, sha256: sha256(body) };
  const key = `${target.prefix}${RESERVED_FOLDER}/preflight`;
  try {
    await connection.wire.send({ method: "PUT", key, headers, content }, signal);
  } catch (error) {
    if (error instanceof S3AnswerError && error.$metadata.httpStatusCode === 400) {
      return ok(`the endpoint compares ${kind === "md5" ? "Content-MD5" : "SHA-256"} with what it stores`);
    }
    throw error;
  }
  return warning("the endpoint stores bytes that have another checksum", "Use `verify --deep` after each sync.");
}

async function acls({ connection, objects, signal }: CheckWorld): Promise<CheckResult> {
  const answer = await bucketSetting(connection, "ownershipControls", signal);
  if ("unknown" in answer) return unreadable("ACL mode", answer.unknown, "s3:GetBucketOwnershipControls");
  const mode = element(answer.body, "ObjectOwnership") ?? "ObjectWriter";
  const disabled = mode === "BucketOwnerEnforced";
  if (disabled && objects.acl !== undefined) {
    return failure(`the bucket has ACLs disabled, but --acl ${objects.acl} is given`, "Leave --acl out.");
  }
  return ok(disabled ? "disabled, and none is sent" : `${mode}; ${objects.acl ?? "none"} is sent`);
}

async function encryption({ connection, objects, signal }: CheckWorld): Promise<CheckResult> {
  const answer = await bucketSetting(connection, "encryption", signal);
  if ("unknown" in answer) return unreadable("encryption", answer.unknown, "s3:GetEncryptionConfiguration");
  const usual = element(answer.body, "SSEAlgorithm") ?? "none";
  const asked = objects.encryption?.algorithm;
  return ok(`${usual} unless asked for${asked === undefined ? "" : `; ${asked} is asked for`}`);
}

async function cors({ connection, signal }: CheckWorld): Promise<CheckResult> {
  const answer = await bucketSetting(connection, "cors", signal);
  if ("unknown" in answer) return unreadable("CORS", answer.unknown, "s3:GetBucketCORS");
  const origins = [...answer.body.matchAll(/<AllowedOrigin>([^<]*)</g)].map(([, origin = ""]) => origin);
  if (origins.length > 0) return ok(`allowed for ${origins.join(", ")}`);
  return warning(
    "no page of another origin may read objects",
    "Fonts and module scripts need it: allow GET for the app's origin, here or at the CDN.",
  );
}

function unreadable(what: string, code: string, action: string): CheckResult {
  return warning(
    `the bucket's ${what} cannot be read (${code})`,
    `A sync does not need to; ${action} would let this be told.`,
  );
}

type Setting = { readonly body: string } | { readonly unknown: string };

/** A setting of a bucket; its body is "" where the bucket has none. */
async function bucketSetting(
  { wire }: CheckWorld["connection"],
  name: string,
  signal: AbortSignal | undefined,
): Promise<Setting> {
  try {
    return { body: (await wire.send({ method: "GET", key: "", query: { [name]: "" } }, signal)).body };
  } catch (error) {
    if (!(error instanceof S3AnswerError)) throw error;
    const { status = 0, name: code } = readFailure(error);
    return status === 404 && code !== "NoSuchBucket" ? { body: "" } : { unknown: code };
  }
}
