import type { ParsedFlag } from "../dockerfile/parse/parsed.ts";
import type { LintLine } from "./lint-file.ts";

/** A `--mount` of a RUN: its keys in small letters. */
export interface LintMount {
  readonly flag: ParsedFlag;
  readonly type: string;
  readonly target: string;
  readonly keys: ReadonlyMap<string, string>;
}

/** The mounts of a RUN. */
export function mountsOf(line: Pick<LintLine, "flags">): readonly LintMount[] {
  return line.flags
    .filter(({ name }) => name === "mount")
    .map((flag) => {
      const fields = (flag.value ?? "").split(",").map((field) => field.replaceAll('"', ""));
      const keys = new Map(
        fields.map((field) => {
          const [key = "", value = ""] = field.split(/=(.*)/s);
          return [key.toLowerCase(), value] as const;
        }),
      );
      const target = keys.get("target") ?? keys.get("dst") ?? keys.get("destination") ?? "";
      return { flag, type: keys.get("type") ?? "bind", target: target.replace(/(.)\/+$/, "$1"), keys };
    });
}

/** Whether what a command writes to a folder stays out of the image: a cache or tmpfs is mounted there or above. */
export function staysOut(line: Pick<LintLine, "flags">, folder: string): boolean {
  return mountsOf(line).some(
    ({ type, target }) => (type === "cache" || type === "tmpfs") && `${folder}/`.startsWith(`${target}/`),
  );
}
