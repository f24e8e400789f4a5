import type { LookupAddress } from "node:dns";
import { isIP } from "node:net";

import { reachOf } from "./address.ts";
import { isAllowed, type HostRule, type Target } from "./host-rules.ts";

/** Whom pages may fetch from. */
export interface EgressRules {
  readonly allowedHosts: readonly HostRule[];
  readonly publicHosts: boolean;
}

/** Addresses that were checked, to connect to one of these and to no other; or why not. */
export type Decision =
  | { readonly kind: "connect"; readonly addresses: readonly LookupAddress[] }
  | { readonly kind: "refuse"; readonly reason: string };

/** Whether a target's name may be looked up at all. */
export function mayLookUp(rules: EgressRules, target: Target): boolean {
  return rules.publicHosts || isAllowed(rules.allowedHosts, target);
}

/**
 * Decides on a target and the addresses its name has right now. One address that is not let in refuses them all: a name that
 * also points inside is an attack or a mistake.
 */
export function decide(rules: EgressRules, target: Target, addresses: readonly LookupAddress[]): Decision {
  const allowed = isAllowed(rules.allowedHosts, target);
  if (!allowed && !rules.publicHosts) return refuse(`${target.host}:${target.port} is not in PDF_ALLOWED_HOSTS`);
  if (addresses.length === 0) return refuse(`${target.host} has no address`);
  for (const { address } of addresses) {
    const reach = reachOf(address);
    if (reach === "never") return refuse(`${shown(target, address)} is never connected to`);
    if (reach === "private" && !allowed) return refuse(`${shown(target, address)} is private`);
  }
  return { kind: "connect", addresses };
}

function shown({ host, port }: Target, address: string): string {
  return isIP(host) === 0 ? `${host}:${port} at ${address}` : `${address}:${port}`;
}

function refuse(reason: string): Decision {
  return { kind: "refuse", reason };
}
