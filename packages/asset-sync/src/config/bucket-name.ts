interface BucketNameRule {
  readonly broken: (name: string) => boolean;
  readonly expected: string;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const RULES: readonly BucketNameRule[] = [
  { broken: (name) => name.length < 3 || name.length > 63, expected: "3 to 63 characters" },
  { broken: (name) => /[A-Z]/.test(name), expected: "no upper-case letters" },
  { broken: (name) => /[^a-z0-9.-]/.test(name), expected: "only a-z, 0-9, dots and hyphens" },
  { broken: (name) => !/^[a-z0-9].*[a-z0-9]$/.test(name), expected: "a letter or digit at both ends" },
  { broken: (name) => name.includes(".."), expected: "no two dots in a row" },
  { broken: (name) => /^\d{1,3}(\.\d{1,3}){3}$/.test(name), expected: "not the form of an IP address" },
  {
    broken: (name) => ["xn--", "sthree-", "amzn-s3-demo-"].some((prefix) => name.startsWith(prefix)),
    expected: "not the reserved beginnings xn--, sthree- and amzn-s3-demo-",
  },
];

/** What S3 expects of a bucket name and this one does not keep; undefined when the name is good. */
export function bucketNameFault(name: string): string | undefined {
  return RULES.find((rule) => rule.broken(name))?.expected;
}
