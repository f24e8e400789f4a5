import { isIP } from "node:net";

import { reachOf } from "./address.ts";

/** A host that an operator lets pages fetch from, at one port or at all. */
export interface HostRule {
  readonly host: string;
  /** Whether hosts below it count, and not it itself. */
  readonly below: boolean;
  readonly port: number | undefined;
}

/** Where a request is to go: a host as URLs have it after parsing, without brackets. */
export interface Target {
  readonly host: string;
  readonly port: number;
}

const RULE = /^(\*\.)?([a-z\d](?:[a-z\d.-]*[a-z\d])?|\[[\da-f:]+\])(?::(\d{1,5}))?$/i;

/** Reads `web:3000, *.internal.example.com, 10.0.3.7:8080`. */
export function parseHostRules(text: string): {
  readonly rules: readonly HostRule[];
  readonly faults: readonly string[];
} {
  const rules: HostRule[] = [];
  const faults: string[] = [];
  for (const entry of text.split(",").map((part) => part.trim())) {
    const [, wildcard, host = "", port] = RULE.exec(entry) ?? [];
    const parsed = host === "" ? undefined : targetOf(`http://${host}:${port ?? 80}`);
    if (entry === "") continue;
    if (parsed === undefined) {
      faults.push(`PDF_ALLOWED_HOSTS has "${entry}": say hosts such as web:3000 or *.example.com`);
    } else if (isIP(parsed.host) !== 0 && reachOf(parsed.host) === "never") {
      faults.push(`PDF_ALLOWED_HOSTS has "${entry}": pages never reach loopback, link-local and reserved addresses`);
    } else {
      rules.push({
        host: parsed.host,
        below: wildcard !== undefined,
        port: port === undefined ? undefined : parsed.port,
      });
    }
  }
  return { rules, faults };
}

/** Whether a rule names the target. */
export function isAllowed(rules: readonly HostRule[], { host, port }: Target): boolean {
  return rules.some(
    (rule) =>
      (rule.port === undefined || rule.port === port) &&
      (rule.below ? host.endsWith(`.${rule.host}`) && isIP(host) === 0 : host === rule.host),
  );
}

/**
 * The target of an http or https URL, undefined for what is none. Parsing turns the odd forms of IPv4 (`0x7f.1`, `2130706433`,
 * `0177.0.0.1`) and full-width digits into the usual one, and a dot at the end goes.
 */
export function targetOf(url: string): Target | undefined {
  const parsed = URL.parse(url);
  if (parsed === null || !["http:", "https:"].includes(parsed.protocol)) return undefined;
  const host = parsed.hostname.replace(/^\[(.*)\]$/, "$1").replace(/\.$/, "");
  const port = parsed.port === "" ? (parsed.protocol === "https:" ? 443 : 80) : Number(parsed.port);
  return host === "" ? undefined : { host, port };
}
