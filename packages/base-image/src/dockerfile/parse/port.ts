import { isIP } from "node:net";

import { shown } from "./fault.ts";

/** What is wrong with `[[ip:]host:]port[-end][/protocol]`, which may be several words once quotes are gone. */
export function checkPort(value: string): string | undefined {
  for (const spec of value.split(/\s+/u)) {
    const wrong = spec === "" ? undefined : checkSpec(spec);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

function checkSpec(spec: string): string | undefined {
  const [last = "", host = "", ...address] = spec.split(":").toReversed();
  const slash = last.indexOf("/");
  const port = slash === -1 ? last : last.slice(0, slash);
  const protocol = slash === -1 ? "" : last.slice(slash + 1);
  if (port === "") return `invalid port: ${shown(spec)}: no port specified`;
  if (!/^(?:tcp|udp|sctp)?$/i.test(protocol)) return `invalid port: ${shown(spec)}: invalid proto: ${shown(protocol)}`;
  const ip = address.toReversed().join(":");
  if (ip !== "" && isIP(ip.replace(/^\[(.*)\]$/, "$1")) === 0) return `invalid IP address: ${shown(ip)}`;
  return checkRanges(port, host);
}

function checkRanges(port: string, host: string): string | undefined {
  const range = rangeOf(port);
  if (range === undefined) return `invalid containerPort: ${shown(port)}`;
  const hostRange = host === "" ? range : rangeOf(host);
  if (hostRange === undefined) return `invalid hostPort: ${shown(host)}`;
  if (range === 0 || range === hostRange) return undefined;
  return `invalid ranges specified for container and host Ports: ${shown(port)} and ${shown(host)}`;
}

/** How many ports beyond the first a port or a range covers. */
function rangeOf(port: string): number | undefined {
  const form = /^(\d+)(?:-(\d+))?$/.exec(port);
  const start = Number(form?.[1]);
  const end = Number(form?.[2] ?? form?.[1]);
  return start <= end && end <= 65_535 ? end - start : undefined;
}
