/** The names entrykit answers to. */
export const ENTRYKIT_NAMES = ["codep", "prehook", "render", "switch", "entrykit"] as const;

export type EntrykitName = (typeof ENTRYKIT_NAMES)[number];

export function isEntrykitName(name: string): name is EntrykitName {
  return (ENTRYKIT_NAMES as readonly string[]).includes(name);
}

/**
 * The name of a task that is given none: that of its program, up to the first dot. `switch` finds a task by it, and
 * `codep` writes it before lines.
 */
export function nameOfCommand(command: string): string {
  const [word = ""] = command.trim().split(/\s+/);
  const base = word.replace(/\/+$/, "").split("/").at(-1) ?? "";
  return base.split(".").find((part) => part !== "") ?? base;
}
