import { BlockList, isIP } from "node:net";

/**
 * How far an address is let in: `public` by every page, `private` by hosts that the operator names, `never` by nobody, since
 * it is the container itself, the metadata service of a cloud, or no single machine.
 */
export type Reach = "never" | "private" | "public";

/** @see https://www.iana.org/assignments/iana-ipv4-special-registry */
const PRIVATE_V4 = ["10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16"];

const NEVER_V4 = [
  "0.0.0.0/8",
  "127.0.0.0/8",
  // Azure's platform: who asks it gets the machine's configuration
  "168.63.129.16/32",
  "169.254.0.0/16",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/4",
  "240.0.0.0/4",
];

const PRIVATE_V6 = ["fc00::/7"];

/** Amazon's metadata service of IPv6 lies within the private range. */
const NEVER_IN_PRIVATE_V6 = ["fd00:ec2::/32"];

/** Of IPv6 only what is given out as global unicast is public, and of that nothing that holds another address or none. */
const GLOBAL_V6 = ["2000::/3"];

/** @see https://www.iana.org/assignments/iana-ipv6-special-registry */
const NEVER_IN_GLOBAL_V6 = ["2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20"];

const lists = {
  privateV4: blockList(PRIVATE_V4),
  neverV4: blockList(NEVER_V4),
  privateV6: blockList(PRIVATE_V6),
  neverInPrivateV6: blockList(NEVER_IN_PRIVATE_V6),
  globalV6: blockList(GLOBAL_V6),
  neverInGlobalV6: blockList(NEVER_IN_GLOBAL_V6),
};

/**
 * The reach of an address in its usual text, without brackets. IPv6 that carries an IPv4 address (mapped, translated, 6to4)
 * is `never`: no host needs it, and what it leads to depends on the network. So is what is no address.
 */
export function reachOf(address: string): Reach {
  const version = isIP(address);
  if (version === 4) {
    if (lists.neverV4.check(address, "ipv4")) return "never";
    return lists.privateV4.check(address, "ipv4") ? "private" : "public";
  }
  // a zone index makes an address of one machine's interface
  if (version !== 6 || address.includes("%")) return "never";
  if (lists.neverInPrivateV6.check(address, "ipv6") || lists.neverInGlobalV6.check(address, "ipv6")) return "never";
  if (lists.privateV6.check(address, "ipv6")) return "private";
  return lists.globalV6.check(address, "ipv6") ? "public" : "never";
}

function blockList(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [base = "", bits = ""] = range.split("/");
    list.addSubnet(base, Number(bits), isIP(base) === 4 ? "ipv4" : "ipv6");
  }
  return list;
}
