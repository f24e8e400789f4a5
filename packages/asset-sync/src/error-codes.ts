/** The one table of codes: exit code 1 the work failed, 2 wrong use and nothing touched at the target, 3 a guard refused, 130 interrupted. */
export const ERRORS = {
  ASSET_SYNC_NODE_UNSUPPORTED: {
    exitCode: 2,
    meaning: "This version of Node is not one that asset-sync runs on.",
    remedy: "Run it with a version of Node that the message names.",
  },
  ASSET_SYNC_USAGE: {
    exitCode: 2,
    meaning: "The command line holds an unknown verb, flag or argument.",
    remedy: "`asset-sync --help` lists the verbs, `asset-sync VERB --help` what each takes.",
  },
  ASSET_SYNC_OPTION_INVALID: {
    exitCode: 2,
    meaning:
      "An option or environment variable has a value of the wrong kind, or a name that asset-sync does not know.",
    remedy: "Correct the named option; an unset one has a default, a wrong one never does.",
  },
  ASSET_SYNC_CONFIG_INVALID: {
    exitCode: 2,
    meaning: "The configuration file cannot be loaded, has an unknown key, or a value of the wrong kind.",
    remedy: "Correct the named key; a flag wins over the file, so a value can be tried out there.",
  },
  ASSET_SYNC_TARGET_INVALID: {
    exitCode: 2,
    meaning: "The target is missing, is not s3://BUCKET[/PREFIX] or file://DIR, or would write into the asset folders.",
    remedy: "Give --to s3://BUCKET[/PREFIX] or --to file:///absolute/folder, or set ASSET_SYNC_TO.",
  },
  ASSET_SYNC_BUCKET_NAME: {
    exitCode: 2,
    meaning: "The bucket name breaks a rule that S3 has for bucket names.",
    remedy: "Check the name in --to; a prefix comes after the bucket, with a slash between them.",
  },
  ASSET_SYNC_RELEASE_UNKNOWN: {
    exitCode: 2,
    meaning: "No release id was given and none could be found in the CI's variables or from git.",
    remedy: "Give --release ID or set ASSET_SYNC_RELEASE to what names this build: a commit or an image tag.",
  },
  ASSET_SYNC_ASSETS_MISSING: {
    exitCode: 2,
    meaning: "The public folder, or an asset folder below it, does not exist or is no folder.",
    remedy: "Run the asset build first (`bin/rails assets:precompile`), or name the folders with PUBLIC_DIR and --dir.",
  },
  ASSET_SYNC_ASSETS_EMPTY: {
    exitCode: 2,
    meaning: "The asset folders are empty although the target already holds releases.",
    remedy: "The asset build most likely failed without saying so; look at its output, then sync again.",
  },
  ASSET_SYNC_INCOMPLETE: {
    exitCode: 3,
    meaning: "With --strict: a manifest, stylesheet or script names a file that the build does not have.",
    remedy: "Look at the asset build; without --strict this is only a warning.",
  },
  ASSET_SYNC_TOO_MANY_REQUESTS: {
    exitCode: 3,
    meaning: "The plan needs more requests than --max-requests allows. Nothing was sent.",
    remedy: "Look at `asset-sync plan` for the reasons; raise the limit if the build is what it should be.",
  },
  ASSET_SYNC_PLAN_INVALID: {
    exitCode: 2,
    meaning: "The plan cannot be written, or the file given to `apply` is missing or is not a plan of this version.",
    remedy: "Make it anew with `asset-sync plan --out FILE`.",
  },
  ASSET_SYNC_PLAN_STALE: {
    exitCode: 3,
    meaning: "The assets or the ledger have changed since the plan was made. Nothing was sent.",
    remedy: "Make the plan anew with `asset-sync plan --out FILE`, look at it, and apply that one.",
  },
  ASSET_SYNC_FILE_REFUSED: {
    exitCode: 2,
    meaning:
      "The asset folders hold something that cannot be uploaded: a link that leads out of them, a broken link, a special or unreadable file.",
    remedy: "Remove or replace the named files; what is to be served must be a readable file inside the public folder.",
  },
  ASSET_SYNC_FILE_CHANGED: {
    exitCode: 1,
    meaning: "A file changed or vanished while the sync was running.",
    remedy: "Let the asset build finish before the sync, then sync again.",
  },
  ASSET_SYNC_HALF_KEY_PAIR: {
    exitCode: 2,
    meaning:
      "Only one half of an AWS key pair is given, in the variables or in the used profile of the shared credentials file.",
    remedy: "Give both, or neither so that the rest of the AWS credential chain is asked.",
  },
  ASSET_SYNC_CREDENTIALS_MALFORMED: {
    exitCode: 2,
    meaning:
      "An access key, a secret or a session token holds a character that it cannot have, as a line end at its end.",
    remedy:
      "Set it as it was given out, without blanks and line ends around it, and access key and secret not swapped.",
  },
  ASSET_SYNC_CREDENTIALS_MISSING: {
    exitCode: 2,
    meaning: "The AWS credential chain found no credentials, or could not read the ones it found.",
    remedy:
      "Set the AWS variables, a shared credentials file (AWS_SHARED_CREDENTIALS_FILE), or run where a role is offered.",
  },
  ASSET_SYNC_CREDENTIALS_REFUSED: {
    exitCode: 2,
    meaning: "S3 does not know these credentials, or their signature does not match or has expired.",
    remedy: "Check key, secret and session token, and this machine's clock.",
  },
  ASSET_SYNC_ACCESS_DENIED: {
    exitCode: 1,
    meaning: "The credentials are valid but may not do what was asked.",
    remedy:
      "Allow s3:GetObject and s3:PutObject on BUCKET/PREFIX/* for this role. Without s3:ListBucket, AWS says the same of what is not there.",
  },
  ASSET_SYNC_BUCKET_MISSING: {
    exitCode: 2,
    meaning: "The bucket does not exist at this endpoint.",
    remedy: "Check --to and --endpoint; asset-sync never creates a bucket.",
  },
  ASSET_SYNC_REGION_WRONG: {
    exitCode: 2,
    meaning: "No region is known, or the bucket is in another region than the one asked.",
    remedy: "Give --region or set AWS_REGION to the bucket's region.",
  },
  ASSET_SYNC_ENDPOINT_WRONG: {
    exitCode: 2,
    meaning: "What answers at the endpoint is not S3, or sends elsewhere, where no signed request is taken to.",
    remedy:
      "Check --endpoint: it is scheme, host and port of the S3 API, not of its console or of a CDN. Where a redirect leads to the same S3, give that address.",
  },
  ASSET_SYNC_STORE_FAILED: {
    exitCode: 1,
    meaning: "The store could not be reached or kept failing after every retry.",
    remedy: "Run the same command again: it completes what is missing.",
  },
  ASSET_SYNC_LEDGER_DAMAGED: {
    exitCode: 1,
    meaning: "The ledger object exists but cannot be read as a ledger. Nothing was changed.",
    remedy: "The next sync keeps it under another name and makes a new one from a listing.",
  },
  ASSET_SYNC_LEDGER_UNKNOWN: {
    exitCode: 1,
    meaning: "The ledger has a format that this version does not know. Nothing was changed.",
    remedy: "Use the version of asset-sync that wrote it, or a newer one.",
  },
  ASSET_SYNC_LEDGER_CONTENDED: {
    exitCode: 1,
    meaning: "Other builds kept writing the ledger in between, until the attempts were used up.",
    remedy: "Run the same command again; nothing was lost.",
  },
  ASSET_SYNC_BYTES_DIFFER: {
    exitCode: 3,
    meaning:
      "A fingerprinted name is already taken by other bytes: the asset build is not deterministic, or an upload was replaced.",
    remedy:
      "Find out which build made the other bytes. --allow-changed replaces them; browsers keep what they have cached.",
  },
  ASSET_SYNC_RECEIPT_INVALID: {
    exitCode: 2,
    meaning: "The receipt is missing, unreadable or not a receipt. A sync that began and failed leaves none.",
    remedy: "Give --receipt the file that `asset-sync sync` wrote (default PUBLIC_DIR/.asset-receipt.json).",
  },
  ASSET_SYNC_RECEIPT_UNWRITABLE: {
    exitCode: 1,
    meaning:
      "The receipt could not be written, though the assets are up and in the ledger; or that of an earlier sync could not be removed, and nothing was sent.",
    remedy: "Make the receipt's folder writable and run the same command again: it sends only what is not there.",
  },
  ASSET_SYNC_RELEASE_MISSING: {
    exitCode: 2,
    meaning: "The ledger knows no release of this name.",
    remedy: "`asset-sync releases` lists the names that it knows.",
  },
  ASSET_SYNC_CDN_UNREACHABLE: {
    exitCode: 1,
    meaning:
      "No connection to the URL of --via comes about (name, port, certificate, or a server that is silent), or it takes longer than --time-limit.",
    remedy: "Open the URL in a browser; what the browser says about it is what has to be put right.",
  },
  ASSET_SYNC_INVALIDATION_FAILED: {
    exitCode: 1,
    meaning:
      "The assets are up and the ledger is written, but CloudFront did not take the invalidation of plain files.",
    remedy:
      "Allow cloudfront:CreateInvalidation on the distribution, check its id, and run the same command again: it repeats the invalidation.",
  },
  ASSET_SYNC_TOO_MANY_DELETES: {
    exitCode: 3,
    meaning: "The collection would delete more objects than --max-delete allows. Nothing was deleted.",
    remedy: "Look at `asset-sync collect --dry-run`; raise the limit if the list is what it should be.",
  },
  ASSET_SYNC_COLLECTION_REFUSED: {
    exitCode: 3,
    meaning:
      "A collection would not be safe: the newest release is incomplete, nothing would be left, or the endpoint ignores the conditions of writes. Nothing was deleted.",
    remedy:
      "`asset-sync sync --refresh` of the newest release (or `asset-sync push --from-image` of its image, with --refresh) brings back what is gone or other.",
  },
  ASSET_SYNC_RUNNING_UNKNOWN: {
    exitCode: 3,
    meaning:
      "Something runs of which the ledger knows no release, so nobody can tell what it needs. Nothing was deleted.",
    remedy:
      "Sync that release from its image (`asset-sync push --from-image IMAGE`; without a receipt in it also --release and --to), or list only the app's images with --running-from FILE.",
  },
  ASSET_SYNC_RUNNING_UNREADABLE: {
    exitCode: 1,
    meaning: "What --running-from names cannot be read: a file, or the tasks of an ECS service. Nothing was deleted.",
    remedy:
      "Check name and rights: an ECS service needs ecs:DescribeServices, ListTasks, DescribeTasks, DescribeTaskDefinition.",
  },
  ASSET_SYNC_DELETES_FAILED: {
    exitCode: 1,
    meaning: "The store kept objects that were to be deleted, or time ran out. The ledger remembers them.",
    remedy: "Allow s3:DeleteObject on BUCKET/PREFIX/* for this role, and run the same command again: it goes on there.",
  },
  ASSET_SYNC_IMAGE_UNREADABLE: {
    exitCode: 2,
    meaning:
      "Docker cannot copy the public folder out of the image, or the image does not hold what its receipt names.",
    remedy: "Check the image's name and --image-dir; `docker create IMAGE` has to work here.",
  },
  ASSET_SYNC_INTERRUPTED: {
    exitCode: 130,
    meaning: "The run was interrupted. The ledger names only what is completely there.",
    remedy: "Run the same command again: it completes what is missing.",
  },
} as const;

/** Every way asset-sync refuses or fails; scripts may rely on these names. */
export type ErrorCode = keyof typeof ERRORS;
