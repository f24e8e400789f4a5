import { readServers, type Servers } from "../src/docker/servers.ts";

/** The servers of a suite that has looked them up. */
export function presentServers(): Servers {
  const servers = readServers(process.env);
  if ("missing" in servers) throw new Error(`missing: ${servers.missing.join(", ")}`);
  return servers;
}
