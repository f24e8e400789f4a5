/** A mistake in a config/asset_sync.yml, with what is said of it, or the keys that are right all the same. */
export interface Mistake {
  readonly yaml: string;
  readonly says?: string;
  readonly dirs?: readonly string[];
}

const GOOD = "fog_provider: AWS\nfog_directory: shop-assets\naws_iam_roles: true\nfog_region: eu-west-1\n";

function production(options: string): string {
  return `production:\n${options
    .trimEnd()
    .split("\n")
    .map((line) => `  ${line}`)
    .join("\n")}\n`;
}

const with_ = (more: string, says: string): Mistake => ({ yaml: production(GOOD + more), says });
const instead = (from: string, to: string, says: string): Mistake => ({
  yaml: production(GOOD.replace(from, to)),
  says,
});
const prefix = (text: string, dirs: readonly string[]): Mistake => ({
  yaml: production(`${GOOD}prefix: ${text}\n`),
  dirs,
});

const TYPOS = [
  ["fog_directry", "fog_directory"],
  ["fog_provder", "fog_provider"],
  ["fog_regoin", "fog_region"],
  ["fog_hosts", "fog_host"],
  ["fog_prot", "fog_port"],
  ["fog_schema", "fog_scheme"],
  ["fog_pathstyle", "fog_path_style"],
  ["fog_pubic", "fog_public"],
  ["aws_acls", "aws_acl"],
  ["aws_acces_key_id", "aws_access_key_id"],
  ["aws_secret_acces_key", "aws_secret_access_key"],
  ["aws_sesion_token", "aws_session_token"],
  ["aws_reduced_redundency", "aws_reduced_redundancy"],
  ["aws_iam_role", "aws_iam_roles"],
  ["existing_remote_file", "existing_remote_files"],
  ["gzip_compresion", "gzip_compression"],
  ["compresion", "compression"],
  ["prefixx", "prefix"],
  ["public_paht", "public_path"],
  ["ignored_file", "ignored_files"],
  ["ignore_files", "ignored_files"],
  ["custom_header", "custom_headers"],
  ["cache_assets_regexps", "cache_asset_regexps"],
  ["enable", "enabled"],
  ["enabeld", "enabled"],
  ["manifests", "manifest"],
  ["include_manifests", "include_manifest"],
  ["always_uploads", "always_upload"],
  ["concurrent_upload", "concurrent_uploads"],
  ["run_on_precompil", "run_on_precompile"],
  ["fail_silent", "fail_silently"],
  ["log_silent", "log_silently"],
  ["invalidates", "invalidate"],
  ["cdn_distribution", "no option of asset_sync"],
  ["Fog_Directory", "fog_directory"],
  ["bucket_name", "no option of asset_sync"],
] as const;

/** A hundred of them and more. */
export const MISTAKES: readonly Mistake[] = [
  ...TYPOS.map(([typo, meant]) => with_(`${typo}: x\n`, meant)),
  // Values of the wrong kind.
  ...["maybe", "1", "[]", "{}", "2.5", "TRUE1"].map((value) =>
    with_(`gzip_compression: ${value}\n`, "gzip_compression is"),
  ),
  ...["maybe", "[true]", "publc"].map((value) => with_(`fog_public: ${value}\n`, "expected true or false or default")),
  ...["maybe", "3", "{a: b}"].map((value) => with_(`enabled: ${value}\n`, "enabled is")),
  ...["sometimes", "[yes]"].map((value) => with_(`fog_path_style: ${value}\n`, "fog_path_style is")),
  ...["-1", "http", "1.5", "123456", "[80]"].map((value) =>
    with_(`fog_host: minio\nfog_port: ${value}\n`, "fog_port is"),
  ),
  ...["[a]", "true", "{a: b}"].map((value) => instead("shop-assets", value, "fog_directory is")),
  ...["[a]", "true"].map((value) => with_(`prefix: ${value}\n`, "prefix is")),
  ...["3", "true", "[3]", "[[a]]", "{a: b}", "['']"].map((value) =>
    with_(`ignored_files: ${value}\n`, "ignored_files is"),
  ),
  ...["a", "[a]", "{a: b}", "{a: [b]}", "{a: {cache_control: [x]}}", "{a: {cache_control: true}}"].map((value) =>
    with_(`custom_headers: ${value}\n`, "custom_headers"),
  ),
  with_('custom_headers: {a: {cache_control: "x\\ny"}}\n', "printable ASCII"),
  with_("cache_asset_regexps: 7\n", "cache_asset_regexps is"),
  // Words that mean nothing.
  ...["remove", "Keep", "keep,delete"].map((value) =>
    with_(`existing_remote_files: ${value}\n`, "expected keep, delete or ignore"),
  ),
  ...["gzip", "zip", "brotli"].map((value) => with_(`compression: ${value}\n`, "expected gz or br")),
  ...["Rackspace", "Google", "AzureRM", "Backblaze", "S3"].map((value) =>
    instead("fog_provider: AWS", `fog_provider: ${value}`, "expected AWS"),
  ),
  with_("fog_host: minio\nfog_scheme: ftp\n", "expected http or https"),
  with_("fog_host: http://minio\n", "name of a host"),
  with_("fog_host: minio/path\n", "name of a host"),
  with_("fog_host: user:secret-word@minio\n", "name of a host"),
  // Options that do not go together, or lack another.
  with_("fog_port: 9000\n", "without fog_host"),
  with_("fog_scheme: http\n", "without fog_host"),
  instead("fog_provider: AWS\n", "", "fog_provider is missing"),
  instead("fog_directory: shop-assets\n", "", "fog_directory is missing"),
  instead("shop-assets", "", "fog_directory is missing"),
  instead("shop-assets", "shop/assets", "expected the name of a bucket alone, without scheme and folder"),
  instead("shop-assets", "s3://shop-assets", "expected the name of a bucket alone"),
  instead("shop-assets", "s3://AKIASECRETWORD:secret-word@shop-assets", "expected the name of a bucket alone"),
  instead("shop-assets", "Shop_Assets", "no upper-case letters"),
  with_("cdn_distribution_id: assets.shop.example\ninvalidate: [a]\n", "cdn_distribution_id is"),
  with_("aws_access_key_id: AKIASECRETWORD\naws_secret_access_key: secret-word\n", "set AWS_ACCESS_KEY_ID"),
  with_("aws_secret_access_key: secret-word\n", "set AWS_SECRET_ACCESS_KEY"),
  with_("aws_session_token: secret-word\n", "set AWS_SESSION_TOKEN"),
  // Prefixes.
  prefix("assets", ["assets"]),
  prefix("/assets", ["assets"]),
  prefix("assets/", ["assets"]),
  prefix("/assets/", ["assets"]),
  prefix("//assets//", ["assets"]),
  prefix("' assets '", ["assets"]),
  prefix("''", ["assets"]),
  prefix("~", ["assets"]),
  prefix("static/assets/", ["static/assets"]),
  prefix("2024", ["2024"]),
  with_("prefix: /\n", "expected a folder below public"),
  with_("prefix: ..\n", "expected a folder below public"),
  with_("prefix: ../assets\n", "expected a folder below public"),
  with_("prefix: assets//old\n", "expected a folder below public"),
  with_("prefix: ./assets\n", "expected a folder below public"),
  // Regular expressions.
  with_("ignored_files: [!ruby/regexp '/(?<=a|bc)\\G/']\n", "/(?<=a|bc)⟨here⟩\\G/"),
  with_("ignored_files: [!ruby/regexp '/a++/']\n", "possessive"),
  with_("ignored_files: [!ruby/regexp '/(?>a)/']\n", "no counterpart"),
  with_("ignored_files: [!ruby/regexp '/[a-z&&[^x]]/']\n", "no counterpart"),
  with_("ignored_files: [!ruby/regexp '/a b/x']\n", "flag x"),
  with_("ignored_files: [!ruby/regexp '/a(?i)b/']\n", "in the middle"),
  with_("ignored_files: [!ruby/regexp '/(a/']\n", "ignored_files, regular expression"),
  with_("ignored_files: [!ruby/regexp 'a']\n", "is written /…/"),
  with_("custom_headers: {'*.png': {cache_control: x}}\n", "custom_headers, regular expression"),
  with_("cache_asset_regexps: [!ruby/regexp '/[a/']\n", "cache_asset_regexps, regular expression"),
  // The file as a whole.
  { yaml: "", says: "expected environments" },
  { yaml: "- production\n", says: "expected environments" },
  { yaml: GOOD, says: "no environment production" },
  { yaml: "prodution:\n  fog_provider: AWS\n", says: "did you mean prodution?" },
  { yaml: "production: AWS\n", says: "no table of options" },
  { yaml: "production:\n", says: "fog_provider is missing" },
  { yaml: "production:\n  <<: *nowhere\n", says: "cannot be read as YAML" },
  { yaml: "production:\n\tfog_provider: AWS\n", says: "line 2" },
  { yaml: "production:\n  fog_provider: AWS\n  fog_provider: AWS\n", says: "line 3" },
  { yaml: "production: [\n", says: "cannot be read as YAML" },
  { yaml: production(`${GOOD}public_path: !ruby/object:File {}\n`), says: "cannot be read as YAML" },
  // ERB that needs Ruby.
  ...[
    "<%= Rails.env %>",
    "<%= ENV['A'] || 'b' %>",
    "<%= ENV.fetch('A', ENV['B']) %>",
    "<%= `hostname` %>",
    "<% if true %>",
    "<%= ENV['A'].to_s %>",
    "<%= \"#{ENV['A']}-assets\" %>",
    "<%= Rails.application.credentials.aws[:key] %>",
    "<%= ENV.fetch('NOT_SET') %>",
    "<%= ENV['A'",
  ].map((erb) => instead("shop-assets", erb, "line 3")),
];
