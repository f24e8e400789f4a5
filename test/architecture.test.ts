import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";

import { describe, expect, it } from "vitest";

const PACKAGES = join(dirname(fileURLToPath(import.meta.url)), "..", "packages");

/** Each package's folders, in the order of its data: a folder imports only from itself and from those before it. */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  "base-image": ["dockerfile", "stage", "lint", "recipe", "config", "engine", "registry", "inspect", "publish", "cli"],
  "asset-sync": [
    "config",
    "scan",
    "ledger",
    "plan",
    "store",
    "cloudfront",
    "sync",
    "collect",
    "adopt",
    "verify",
    "preflight",
    "report",
    "cli",
  ],
  entrypoint: ["process", "entrykit", "aws", "election", "task", "boot", "cli"],
};

/** Top-level files that any room may import: they depend on no room themselves. */
const GROUND = new Set(["amounts.ts", "error-codes.ts", "errors.ts", "events.ts"]);

const BANNED_NAMES = new Set(["utils", "util", "helpers", "helper", "common", "misc", "types"]);

interface SourceFile {
  readonly path: string;
  readonly room: string;
  readonly lines: number;
  readonly imports: readonly string[];
}

describe.each(Object.entries(ROOMS))("%s", (name, rooms) => {
  const root = join(PACKAGES, name, "src");
  const files = readSources(root);

  it("keeps every file in a room that the order names", () => {
    const strays = files.filter((file) => file.room !== "" && !rooms.includes(file.room));
    expect(strays.map((file) => file.path)).toEqual([]);
  });

  it("imports one way", () => {
    const backward = files.flatMap((file) =>
      file.imports
        .filter((target) => target.startsWith("."))
        .map((target) => relative(root, resolve(root, dirname(file.path), target)))
        .filter((target) => pointsBackward(file, target, rooms))
        .map((target) => `${file.path} -> ${target}`),
    );
    expect(backward).toEqual([]);
  });

  it("imports no other package of the workspace", () => {
    const foreign = files.flatMap((file) =>
      file.imports.filter((target) => target.startsWith("@slipway/")).map((target) => `${file.path} -> ${target}`),
    );
    expect(foreign).toEqual([]);
  });

  it("has no long tail", () => {
    const lengths = files.map((file) => file.lines).toSorted((a, b) => a - b);
    expect(lengths.at(-1) ?? 0).toBeLessThanOrEqual(250);
    expect(lengths[Math.floor(lengths.length / 2)] ?? 0).toBeLessThan(80);
  });

  it("names no file or folder after nothing", () => {
    const parts = files.flatMap((file) => file.path.split(sep).map((part) => part.replace(/\.ts$/, "")));
    expect(parts.filter((part) => BANNED_NAMES.has(part))).toEqual([]);
  });
});

function pointsBackward(file: SourceFile, target: string, rooms: readonly string[]): boolean {
  const room = roomOf(target);
  if (room === "") return file.room !== "" && !GROUND.has(target);
  return file.room !== "" && rooms.indexOf(room) > rooms.indexOf(file.room);
}

function roomOf(path: string): string {
  const [first = "", ...rest] = path.split(sep);
  return rest.length === 0 ? "" : first;
}

function readSources(root: string): SourceFile[] {
  return readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts"))
    .map((path) => {
      const text = readFileSync(join(root, path), "utf8");
      const imports = [...text.matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g)].map((match) => match[1] ?? "");
      return { path, room: roomOf(path), lines: text.trimEnd().split("\n").length, imports };
    });
}
