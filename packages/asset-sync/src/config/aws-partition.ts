/** A part of AWS with accounts and names of its own. */
export interface AwsPartition {
  /** As ARNs begin with it. */
  readonly name: string;
  /** Of its services. */
  readonly domain: string;
}

/** https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html */
const PARTITIONS: readonly (AwsPartition & { readonly regions: RegExp })[] = [
  { regions: /^cn-/, name: "aws-cn", domain: "amazonaws.com.cn" },
  { regions: /^us-gov-/, name: "aws-us-gov", domain: "amazonaws.com" },
  { regions: /^us-iso-/, name: "aws-iso", domain: "c2s.ic.gov" },
  { regions: /^us-isob-/, name: "aws-iso-b", domain: "sc2s.sgov.gov" },
  { regions: /^eu-isoe-/, name: "aws-iso-e", domain: "cloud.adc-e.uk" },
  { regions: /^us-isof-/, name: "aws-iso-f", domain: "csp.hci.ic.gov" },
  { regions: /^eusc-/, name: "aws-eusc", domain: "amazonaws.eu" },
];

const COMMERCIAL: AwsPartition = { name: "aws", domain: "amazonaws.com" };

/** The partition that a region belongs to. */
export function awsPartition(region: string): AwsPartition {
  return PARTITIONS.find(({ regions }) => regions.test(region)) ?? COMMERCIAL;
}
