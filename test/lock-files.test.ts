import { readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "..");

/** A lock file that names a server sends everybody to that server, whatever their own configuration says. */
describe("lock files name no package server", () => {
  it("Gemfile.lock has gems and no remote", () => {
    const lock = read("examples/rails-app/Gemfile.lock");
    expect(lock).toMatch(/^GEM$/m);
    expect(lock).not.toMatch(/^\s*remote:/m);
  });

  it("yarn.lock resolves every package by a path, with its checksum", () => {
    const entries = read("examples/rails-app/yarn.lock")
      .split(/\n(?=\S.*:\n)/)
      .slice(1);
    expect(entries.length).toBeGreaterThan(10);
    for (const entry of entries) {
      expect(entry).toMatch(/^ {2}resolved "(?![a-z+]+:)[^"]+\.tgz[^"]*"$/m);
      expect(entry).toMatch(/^ {2}integrity sha512-/m);
    }
  });

  it("pnpm-lock.yaml has no address", () => {
    expect(read("pnpm-lock.yaml")).not.toMatch(/https?:\/\//);
  });
});

function read(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}
