/** This process among all that start, e.g. `3f2a9c:7/x2k9qa`. */
export async function ownName(): Promise<string> {
  const { hostname } = await import("node:os");
  return `${hostname()}:${String(process.pid)}/${Math.random().toString(36).slice(2, 8)}`;
}
