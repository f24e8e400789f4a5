import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A configuration of the gem; the first line of the file is the environment that it is read in. */
export interface GemFixture {
  readonly name: string;
  readonly file: string;
  readonly environment: Readonly<Record<string, string>>;
}

const FOLDER = join(import.meta.dirname, "fixtures");

export function gemFixtures(): readonly GemFixture[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith(".yml"))
    .map((name) => {
      const file = join(FOLDER, name);
      const [first = ""] = readFileSync(file, "utf8").split("\n");
      const pairs = [...first.matchAll(/(\w+)=(\S*)/g)].map(([, key = "", value = ""]) => [key, value] as const);
      return { name: name.replace(".yml", ""), file, environment: Object.fromEntries(pairs) };
    });
}
