import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

import { PEERS } from "../src/assets/peers.ts";
import { refusedIn, requestsOf, usageOf } from "../src/assets/run-measured.ts";
import { TOOLS } from "../src/assets/tools.ts";
import { makeTree } from "../src/assets/tree.ts";
import { missingWords, versionIn } from "../src/programs.ts";

const request = (method: string, key: string, status: number) => ({ method, bucket: "b", key, headers: {}, status });

describe("what a run took", () => {
  it("is read from GNU time", () => {
    expect(usageOf("1.20 0.35 204800\n")).toEqual({ "CPU s": 1.55, "peak MiB": 200 });
  });

  it("is counted by kind of request", () => {
    const log = [
      request("GET", "", 200),
      request("GET", "ledger", 404),
      request("PUT", "a", 200),
      request("PUT", "b", 200),
    ];
    expect(requestsOf(log)).toEqual({ "LIST requests": 1, "GET requests": 1, "PUT requests": 2 });
  });

  it("counts for nothing when the server refused something", () => {
    expect(refusedIn([request("HEAD", "a", 404), request("PUT", "a", 412)])).toEqual([]);
    expect(refusedIn([request("PUT", "a", 403)])).toEqual(["PUT a: HTTP status 403"]);
  });
});

describe("peers", () => {
  it("that are missing are named with the command that installs them", () => {
    const found = new Map([["time", "/usr/bin/time"] as const, ["ruby", "/usr/bin/ruby"] as const]);
    expect(missingWords(PEERS, found)).toBe("rclone, aws, s3cmd not found (apt-get install --yes rclone awscli s3cmd)");
  });

  it.each([
    ["aws-cli/2.9.19 Python/3.11.2", "2.9.19"],
    ["rclone v1.60.1-DEV\n- os/version: 12", "1.60.1-DEV"],
    ["time (GNU Time) UNKNOWN\n", undefined],
  ])("say their version: %s", (said, version) => {
    expect(versionIn(said)).toBe(version);
  });

  it("all get the same files, and no credentials on their command lines", () => {
    const upload = { tree: "/tree", bucket: "bucket", endpoint: "http://127.0.0.1:1", release: "v1" };
    for (const tool of TOOLS) {
      const { words } = tool.command(upload, { path: (name) => name, gems: "", s3cmdConfig: "/s3cfg" });
      expect(words.join(" ")).toContain("/tree");
      expect(words.join(" ")).not.toMatch(/secret|access.key/i);
    }
  });
});

const names = (tree: { readonly path: string }) => readdir(join(tree.path, "assets"));

describe("the tree", () => {
  it("is the same every time, and forty files of the next release are others", async () => {
    await using one = await makeTree(60);
    await using other = await makeTree(60);
    expect(await names(one)).toEqual(await names(other));
    await one.change();
    const before = new Set(await names(other));
    expect((await names(one)).filter((name) => before.has(name))).toHaveLength(20);
  });
});
