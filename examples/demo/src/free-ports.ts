import { freePort } from "@slipway/testkit";

/** Ports nobody listens on at this moment, each another. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const ports = new Set<number>();
  while (ports.size < count) ports.add(await freePort());
  return [...ports];
}
