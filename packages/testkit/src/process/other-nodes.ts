import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** Another Node than the one that runs the tests. */
export interface OtherNode {
  readonly name: "oldest" | "newest";
  /** The executable. */
  readonly file: string;
}

/** The oldest and the newest Node that are supported, where there are packages of them: Linux on x64. */
export function otherNodes(): readonly OtherNode[] {
  return (["oldest", "newest"] as const).flatMap((name) => {
    try {
      const manifest = createRequire(import.meta.url).resolve(`node-${name}/package.json`);
      return [{ name, file: join(dirname(manifest), "bin/node") }];
    } catch {
      return [];
    }
  });
}
