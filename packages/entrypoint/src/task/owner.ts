import { readFileSync } from "node:fs";

import { EntrypointError } from "../errors.ts";

/**
 * User and group of `USER` or `USER:GROUP`, each a name of this system or a number; without a group it is the user's own.
 * @throws EntrypointError `ENTRYPOINT_RENDER_FAILED`
 */
export function findOwner(owner: string): [uid: number, gid: number] {
  const [user = "", group] = owner.split(":");
  const known = lineOf("/etc/passwd", user);
  const uid = numberOf(user, known?.[2]);
  const gid = group === undefined ? Number(known?.[3] ?? uid) : numberOf(group, lineOf("/etc/group", group)?.[2]);
  return [uid, gid];
}

function numberOf(name: string, found: string | undefined): number {
  if (/^\d+$/.test(name)) return Number(name);
  if (found !== undefined) return Number(found);
  throw new EntrypointError("ENTRYPOINT_RENDER_FAILED", {
    message: `owner: this system knows no ${JSON.stringify(name)}; expected a name it knows, or a number`,
  });
}

function lineOf(file: string, name: string): readonly string[] | undefined {
  try {
    const lines = readFileSync(file, "utf8").split("\n");
    return lines.map((line) => line.split(":")).find(([first, , number]) => first === name || number === name);
  } catch {
    return undefined;
  }
}
