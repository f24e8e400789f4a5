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

  it.each(["rails-app/yarn.lock", "pdf-service/image/yarn.lock"])("%s has paths and checksums", (path) => {
    const entries = read(`examples/${path}`)
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

describe("the image of the PDF service", () => {
  it("is made of the versions that the workspace is tested with", () => {
    const catalog = read("pnpm-workspace.yaml");
    const { dependencies } = JSON.parse(read("examples/pdf-service/image/package.json")) as Modules;
    const tested = JSON.parse(read("examples/pdf-service/package.json")) as Modules;
    expect(Object.keys(dependencies)).toEqual([...Object.keys(tested.dependencies), "rolldown"]);
    for (const [name, version] of Object.entries(dependencies)) {
      expect(catalog).toMatch(new RegExp(`^ {2}"?${name}"?: ${version}$`, "m"));
      expect(read("examples/pdf-service/image/yarn.lock")).toContain(`${name}@${version}`);
    }
  });
});

interface Modules {
  readonly dependencies: Readonly<Record<string, string>>;
}

function read(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}
