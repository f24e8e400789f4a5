import { describe, expect, it } from "vitest";

import { reachOf } from "../src/egress/address.ts";
import { isAllowed, parseHostRules, targetOf } from "../src/egress/host-rules.ts";
import { decide, mayLookUp } from "../src/egress/policy.ts";

describe("the reach of an address", () => {
  it.each([
    [
      "public",
      ["1.1.1.1", "172.15.255.255", "172.32.0.1", "100.63.255.255", "100.128.0.0", "192.0.1.1", "223.255.255.255"],
    ],
    ["public", ["2001:4860:4860::8888", "2600::", "2a00:1450:4001::1"]],
    [
      "private",
      ["10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1", "100.127.0.1"],
    ],
    ["private", ["fc00::1", "fdff:ffff::1"]],
    [
      "never",
      [
        "127.0.0.1",
        "127.255.0.1",
        "0.0.0.0",
        "0.1.2.3",
        "169.254.169.254",
        "169.254.170.2",
        "169.254.0.1",
        "168.63.129.16",
      ],
    ],
    [
      "never",
      ["192.0.0.192", "192.0.2.1", "198.18.0.1", "198.51.100.7", "203.0.113.9", "224.0.0.1", "255.255.255.255"],
    ],
    ["never", ["::", "::1", "::2", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "fd00:ec2::254", "100::1"]],
    [
      "never",
      ["::ffff:127.0.0.1", "::ffff:7f00:1", "::ffff:10.0.0.1", "::ffff:1.1.1.1", "::127.0.0.1", "::ffff:0:127.0.0.1"],
    ],
    [
      "never",
      ["64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "2002:7f00:1::", "2001:0:7f00:1::", "2001:db8::1"],
    ],
    ["never", ["", "localhost", "0x7f.1", "2130706433", "0177.0.0.1", "127.1", "1.1.1.1 ", "[::1]", "1.1.1.1:80"]],
  ] as const)("is %s for %j", (reach, addresses) => {
    expect(addresses.map((address) => [address, reachOf(address)])).toEqual(
      addresses.map((address) => [address, reach]),
    );
  });
});

describe("the target of a URL", () => {
  it.each([
    ["http://0x7f.1/", "127.0.0.1"],
    ["http://2130706433/", "127.0.0.1"],
    ["http://0177.0.0.1/", "127.0.0.1"],
    ["http://127.1/", "127.0.0.1"],
    ["http://0/", "0.0.0.0"],
    ["http://①⑥⑨.②⑤④.①⑥⑨.②⑤④/", "169.254.169.254"],
    ["http://169.254.169.254./", "169.254.169.254"],
    ["http://LOCALHOST./", "localhost"],
    ["http://public.example@10.0.0.1/", "10.0.0.1"],
    ["http://[::ffff:127.0.0.1]/", "::ffff:7f00:1"],
    ["http://[0:0:0:0:0:0:0:1]/", "::1"],
    ["http:\\\\10.0.0.1\\", "10.0.0.1"],
  ])("is what a browser would connect to: %s is %s", (url, host) => {
    expect(targetOf(url)?.host).toBe(host);
  });

  it("has a port", () => {
    expect(targetOf("https://a.example/")).toEqual({ host: "a.example", port: 443 });
    expect(targetOf("http://a.example:8080/")).toEqual({ host: "a.example", port: 8080 });
  });

  it.each([
    "file:///etc/passwd",
    "ftp://a/",
    "javascript:1",
    "data:text/html,x",
    "about:blank",
    "chrome://version",
    "//a",
    "",
  ])("is none for %j", (url) => {
    expect(targetOf(url)).toBeUndefined();
  });
});

describe("a list of allowed hosts", () => {
  const { rules, faults } = parseHostRules("web:3000, *.internal.example, 10.0.3.7, [fd00::1]:8080");

  it.each([
    ["web", 3000, true],
    ["web", 80, false],
    ["a.internal.example", 443, true],
    ["internal.example", 443, false],
    ["ainternal.example", 443, false],
    ["10.0.3.7", 9, true],
    ["10.0.3.8", 9, false],
    ["fd00::1", 8080, true],
  ])("decides on %s:%i: %s", (host, port, allowed) => {
    expect(faults).toEqual([]);
    expect(isAllowed(rules, { host, port })).toBe(allowed);
  });

  it.each([
    "127.0.0.1",
    "0x7f.1:80",
    "169.254.169.254",
    "[::1]:3000",
    "http://web",
    "web:0x50",
    "web:99999",
    "*",
    "a b",
    "web/",
  ])("has no %s", (text) => {
    expect(parseHostRules(text)).toMatchObject({ rules: [], faults: [expect.stringContaining(text)] });
  });
});

function at(...addresses: readonly string[]): { address: string; family: number }[] {
  return addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));
}

describe("a decision on a target", () => {
  const named = { allowedHosts: parseHostRules("web:3000").rules, publicHosts: true };
  const closed = { ...named, publicHosts: false };
  const web = { host: "web", port: 3000 };
  const elsewhere = { host: "elsewhere.example", port: 443 };

  it.each([
    [named, web, at("10.0.0.5"), "connect"],
    [named, web, at("1.1.1.1"), "connect"],
    [named, web, at("127.0.0.1"), "refuse"],
    [named, web, at("169.254.170.2"), "refuse"],
    [named, { ...web, port: 22 }, at("10.0.0.5"), "refuse"],
    [named, elsewhere, at("1.1.1.1", "2600::1"), "connect"],
    [named, elsewhere, at("1.1.1.1", "10.0.0.5"), "refuse"],
    [named, elsewhere, at("1.1.1.1", "::ffff:127.0.0.1"), "refuse"],
    [named, elsewhere, [], "refuse"],
    [closed, elsewhere, at("1.1.1.1"), "refuse"],
    [closed, web, at("10.0.0.5"), "connect"],
  ] as const)("%#", (rules, target, addresses, kind) => {
    const decision = decide(rules, target, addresses);
    expect(decision.kind).toBe(kind);
    expect("addresses" in decision ? decision.addresses : []).toEqual(kind === "connect" ? addresses : []);
  });

  it("asks no name server for a host that is closed anyway", () => {
    expect([mayLookUp(closed, elsewhere), mayLookUp(closed, web), mayLookUp(named, elsewhere)]).toEqual([
      false,
      true,
      true,
    ]);
  });
});
