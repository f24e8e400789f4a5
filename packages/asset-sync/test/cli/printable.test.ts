import { describe, expect, it } from "vitest";

import { printable } from "../../src/cli/printable.ts";
import { printer } from "../../src/cli/terminal.ts";

const SECRETS = { AWS_SECRET_ACCESS_KEY: "wJalrXUtnFEMI", AWS_SESSION_TOKEN: "FwoGZXIvYXdz" };

describe("printable text", () => {
  it.each([
    ["key wJalrXUtnFEMI and token FwoGZXIvYXdz", "key [secret] and token [secret]"],
    ["https://me:hunter2@s3.example/x", "https://me:[secret]@s3.example/x"],
    ["bell\u0007 escape\u001b[31m tab\t nul\u0000", "bell\u{fffd} escape\u{fffd}[31m tab\u{fffd} nul\u{fffd}"],
    ["two\nlines", "two\nlines"],
    ["s3://shop-assets/pre", "s3://shop-assets/pre"],
  ])("%j", (text, expected) => {
    expect(printable(text, SECRETS)).toBe(expected);
  });
});

describe("a printer", () => {
  it("colours errors on a terminal only, and not where NO_COLOR is set", () => {
    expect(written(true, {})).toContain("\u001b[31m");
    expect(written(true, { NO_COLOR: "1" })).toBe("no\n");
    expect(written(false, {})).toBe("no\n");
  });
});

function written(isTTY: boolean, environment: Record<string, string>): string {
  let all = "";
  const stream = { isTTY, write: (text: string) => (all += text) };
  printer({ stdout: stream, stderr: stream, environment, directory: "/" }, {}).error("no");
  return all;
}
