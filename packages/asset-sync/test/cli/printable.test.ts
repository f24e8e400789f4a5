import { describe, expect, it } from "vitest";

import { printable, printableLine } from "../../src/cli/printable.ts";
import { printer } from "../../src/cli/terminal.ts";

const SECRETS = { AWS_SECRET_ACCESS_KEY: "wJalrXUtnFEMI", AWS_SESSION_TOKEN: "FwoGZXIvYXdz" };

describe("printable text", () => {
  it.each([
    ["key wJalrXUtnFEMI and token FwoGZXIvYXdz", "key [secret] and token [secret]"],
    ["https://me:hunter2@s3.example/x", "https://[secret]@s3.example/x"],
    ["bell\u0007 escape\u001b[31m tab\t nul\u0000", String.raw`bell\u0007 escape\u001b[31m tab\u0009 nul\u0000`],
    ["two\nlines", "two\nlines"],
    ["s3://shop-assets/pre", "s3://shop-assets/pre"],
    ["file:///srv/@shop/logo@2x.png s3://shop/@app", "file:///srv/@shop/logo@2x.png s3://shop/@app"],
    ["ftp://me:pa/ss/wordX@s3.example", "ftp://[secret]@s3.example"],
    ["unknown command 's3//me:pass@word@host' x", "unknown command '[secret]@host' x"],
    ["unknown command 'me:passw0rd@host:99'", "unknown command '[secret]@host:99'"],
    ["folder /srv/s3:/me:passw0rd@host does", "folder [secret]@host does"],
    ["turned \u202egnp.exe", String.raw`turned \u202egnp.exe`],
  ])("%j", (text, expected) => {
    expect(printable(text, SECRETS)).toBe(expected);
  });
});

describe("a printable line", () => {
  it("stays one line, whatever a file is called", () => {
    const name = "assets/a\nv9 at s3://shop: sent";
    expect(printableLine(`put  ${name}`, {})).toBe(String.raw`put  assets/a\nv9 at s3://shop: sent`);
  });

  it("of JSON says the same after the control characters are escaped", () => {
    const value = { key: "a\u0085b\u001b\u2028" };
    expect(JSON.parse(printable(JSON.stringify(value), {}))).toEqual(value);
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
