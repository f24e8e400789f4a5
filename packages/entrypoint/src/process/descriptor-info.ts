import { readFileSync } from "node:fs";

/** What Linux tells of a descriptor of this process; empty for one that is not open. */
export function infoOf(fd: number): string {
  try {
    return readFileSync(`/proc/self/fdinfo/${String(fd)}`, "utf8");
  } catch {
    return "";
  }
}

/** What follows a name at the beginning of lines. Every start comes by here, and a pattern would have to be compiled first. */
export function fieldsOf(info: string, name: string): readonly string[] {
  return info.split("\n").flatMap((line) => (line.startsWith(name) ? [line.slice(name.length)] : []));
}

/** The flags it is open with, as `open` takes them; NaN when they are not told. */
export function flagsOf(info: string): number {
  return Number.parseInt(fieldsOf(info, "flags:")[0] ?? "", 8);
}
