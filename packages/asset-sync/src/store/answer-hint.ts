const OPTIONS =
  "The endpoint does not take such a request, and asking again does not help: leave out --acl, --storage-class, --tag and --sse one by one; `asset-sync preflight` looks at what it takes.";
const KEY =
  "Check --sse-kms-key-id: the key has to be there, enabled, in the bucket's region, and for this role to use.";
const LENGTH =
  "S3 takes keys of up to 1024 bytes, the prefix of --to among them: give the file, its folders or the prefix shorter names.";

/** What helps against answers of S3 that stay the same however often it is asked. */
const HINTS: Readonly<Record<string, string>> = {
  InvalidRequest: OPTIONS,
  InvalidArgument: OPTIONS,
  NotImplemented: OPTIONS,
  MethodNotAllowed: OPTIONS,
  AccessControlListNotSupported:
    "The bucket has ACLs disabled: leave --acl out (`acl` of the configuration; of the gem's, `fog_public: default`).",
  InvalidStorageClass: "The endpoint has no such storage class: leave --storage-class out, or name one it has.",
  KeyTooLongError: LENGTH,
  // Of Ceph.
  InvalidObjectName: LENGTH,
  InvalidTag: "S3 takes letters, digits, blanks and + - = . _ : / @ in a tag: check --tag.",
  "KMS.NotFoundException": KEY,
  "KMS.DisabledException": KEY,
  "KMS.KMSInvalidStateException": KEY,
};

/** The remedy for an answer with this code; undefined where trying again is one. */
export function answerHint(code: string): string | undefined {
  return Object.hasOwn(HINTS, code) ? HINTS[code] : undefined;
}
