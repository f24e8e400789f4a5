/** Headers that a rule may set; the encoding follows from the bytes. */
export const RULE_HEADERS = ["cache-control", "content-disposition", "content-language", "content-type"] as const;

/** One of them. */
export type RuleHeader = (typeof RULE_HEADERS)[number];

/** Encodings that siblings are made in: `app.js.br`, `app.js.gz`. */
export const ENCODINGS = ["br", "gzip"] as const;

/** One of them, as `Content-Encoding` names it. */
export type Encoding = (typeof ENCODINGS)[number];

/** One row of the header rules: the first row that matches a key gives it its headers, rows below it are not asked. */
export interface HeaderRule {
  /**
   * Globs of keys (paths below the public folder): `*` and `?` within a name, `**` across folders, `{a,b}`, `[a-z]`. A
   * glob without a slash is one of names, in whatever folder. What begins with a slash and ends in one (and flags) is a
   * regular expression: `/\\.(png|jpg)$/i`.
   */
  readonly match: string | readonly string[];
  /** By lower-case name; what is left out stays as it would be without rules. */
  readonly headers: { readonly [name in RuleHeader]?: string };
}

/** What `asset-sync.config.ts` (or `.mts`, `.mjs`, `.json`) says. A flag, then a variable, wins over it. */
export interface AssetSyncConfig {
  /** `false` lets a sync do nothing, as in the environments of an app that serve their own assets. */
  readonly enabled?: boolean;
  /** `s3://BUCKET[/PREFIX]`, or `file://DIR`, which is relative to the file. */
  readonly to?: string;
  /** The folder whose content has the root of the keys, relative to the file; `public` unless given. */
  readonly publicDir?: string;
  /** Asset folders below it; those that a Rails build makes unless given. */
  readonly dirs?: readonly string[];
  readonly release?: string;
  readonly endpoint?: string;
  readonly region?: string;
  readonly pathStyle?: boolean;
  /** Where the receipt goes, relative to the file. */
  readonly receipt?: string;
  /** Globs of keys that are not uploaded, as in {@link HeaderRule}. */
  readonly ignore?: readonly string[];
  readonly headers?: readonly HeaderRule[];
  /** Encodings to make precompressed siblings in. */
  readonly compress?: readonly Encoding[];
  /** What becomes of source maps: `public`, `drop`, or `private:PREFIX` for keys below a prefix of their own. */
  readonly sourceMaps?: string;
  /** Makes an error of what would only be warned of: a file that others name is not there. */
  readonly strict?: boolean;
  /** Canned ACL of each asset; none is sent unless given. */
  readonly acl?: string;
  /** Storage class of each asset, for example `STANDARD_IA`. */
  readonly storageClass?: string;
  /** Tags of each asset. */
  readonly tags?: Readonly<Record<string, string>>;
  /** How the bucket encrypts assets and ledger: `AES256`, `aws:kms` or `aws:kms:dsse`. */
  readonly sse?: string;
  /** The key that KMS encrypts with; the account's own for S3 unless given. */
  readonly sseKmsKeyId?: string;
  /** The CloudFront distribution that serves the target, `ID`, or `ID/PATH/` where its URLs do not have the target's prefix. */
  readonly cloudfront?: string;
  /** The most requests that a sync may need; it is refused before the first upload when its plan needs more. */
  readonly maxRequests?: number;
}

/** Gives a configuration file its types; returns what it is given. */
export function defineConfig(config: AssetSyncConfig): AssetSyncConfig {
  return config;
}
