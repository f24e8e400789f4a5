import { describe, expect, it } from "vitest";

import { readFields, type PrintOptions } from "../src/form/fields.ts";
import { hasStatus } from "../src/form/values.ts";

const LIMIT_MS = 30_000;

function read(fields: Readonly<Record<string, string>>): PrintOptions {
  return readFields(Object.entries(fields), LIMIT_MS);
}

describe("a form without fields", () => {
  it("has Gotenberg's defaults", () => {
    expect(read({})).toMatchObject({
      paper: { width: 8.5, height: 11 },
      margin: { top: 0.39, bottom: 0.39, left: 0.39, right: 0.39 },
      printBackground: false,
      scale: 1,
      wait: { until: "load", delayMs: 0 },
      failOn: { statuses: [499, 599], resourceStatuses: [], exceptions: false },
    });
  });

  it("is what empty fields are", () => {
    expect(read({ paperWidth: "", scale: "", waitDelay: "", cookies: "" })).toEqual(read({}));
  });
});

describe("fields", () => {
  it.each([
    ["paperWidth", "210mm", 8.267_716],
    ["paperWidth", "21cm", 8.267_716],
    ["paperWidth", "595pt", 8.263_888],
    ["paperWidth", "96px", 1],
    ["paperWidth", "6pc", 1],
    ["paperWidth", "8.5in", 8.5],
    ["paperWidth", ".5", 0.5],
  ])("%s=%s is %d inches", (name, text, inches) => {
    expect(read({ [name]: text }).paper.width).toBeCloseTo(inches, 4);
  });

  it.each([
    ["500ms", 500],
    ["2s", 2000],
    ["1.5s", 1500],
    ["0h0m1s20ms", 1020],
  ])("waitDelay=%s is %i ms", (text, ms) => {
    expect(read({ waitDelay: text }).wait.delayMs).toBe(ms);
  });

  it.each([
    [{ skipNetworkIdleEvent: "false", skipNetworkAlmostIdleEvent: "false" }, "networkidle0"],
    [{ skipNetworkAlmostIdleEvent: "false" }, "networkidle2"],
    [{ skipNetworkIdleEvent: "true" }, "load"],
  ] as const)("%j waits until %s", (fields, until) => {
    expect(read(fields).wait.until).toBe(until);
  });

  it("of JSON are read", () => {
    const cookie = { name: "a", value: "b", domain: "web", httpOnly: true, sameSite: "Lax" };
    const options = read({
      cookies: JSON.stringify([cookie]),
      extraHttpHeaders: '{"Authorization":"Bearer x","X-A":"b"}',
      emulatedMediaFeatures: '[{"name":"prefers-color-scheme","value":"dark"}]',
      failOnResourceHttpStatusCodes: "[404,599]",
    });
    expect(options.cookies).toEqual([cookie]);
    expect(options.headers).toEqual({ Authorization: "Bearer x", "X-A": "b" });
    expect(options.failOn.resourceStatuses).toEqual([404, 599]);
  });

  it.each(["pdfa", "metadata", "singlePage", "downloadFrom", "watermarkExpression", "userPassword"])(
    "that are Gotenberg's alone are refused by name: %s",
    (name) => {
      const refused = { code: "PDF_FIELD_UNSUPPORTED", message: expect.stringContaining(name) };
      expect(() => read({ [name]: "1" })).toThrow(expect.objectContaining(refused));
      expect(read({ [name]: "" })).toEqual(read({}));
      expect(read({ [name]: "false" })).toEqual(read({}));
    },
  );

  it.each(["paperwidth", "__proto__", "constructor", "toString", "", "url"])(
    "that nobody has are refused: %j",
    (name) => {
      const refused = { code: "PDF_FIELD_UNKNOWN", message: expect.stringContaining(JSON.stringify(name)) };
      expect(() => readFields([[name, "1"]], LIMIT_MS)).toThrow(expect.objectContaining(refused));
    },
  );

  it("that are there twice are refused", () => {
    const twice = [["scale", "1"] as const, ["scale", "2"] as const];
    expect(() => readFields(twice, LIMIT_MS)).toThrow(expect.objectContaining({ code: "PDF_FIELD_INVALID" }));
  });

  it.each([
    ["paperWidth", "0"],
    ["paperWidth", "-1"],
    ["paperWidth", "1e3"],
    ["paperWidth", "201"],
    ["paperHeight", "A4"],
    ["marginTop", "1 in"],
    ["scale", "0.05"],
    ["scale", "2.1"],
    ["scale", "NaN"],
    ["landscape", "1"],
    ["landscape", "TRUE"],
    ["nativePageRanges", "1;2"],
    ["nativePageRanges", "a"],
    ["waitDelay", "5"],
    ["waitDelay", "30s"],
    ["waitDelay", "999999999h"],
    ["emulatedMediaType", "tv"],
    ["failOnHttpStatusCodes", "404"],
    ["failOnHttpStatusCodes", "[99]"],
    ["extraHttpHeaders", "[]"],
    ["extraHttpHeaders", '{"a":1}'],
    ["extraHttpHeaders", '{"Host":"127.0.0.1"}'],
    ["extraHttpHeaders", '{"Transfer-Encoding":"chunked"}'],
    ["extraHttpHeaders", '{"Proxy-Authorization":"x"}'],
    ["extraHttpHeaders", '{"a b":"x"}'],
    ["extraHttpHeaders", String.raw`{"A":"x\r\nB: y"}`],
    ["extraHttpHeaders", '{"A":"x;scope=.*"}'],
    ["cookies", '[{"name":"a","value":"b"}]'],
    ["cookies", '[{"name":"a","value":"b","domain":"d","url":"file:///"}]'],
    ["cookies", "{"],
    ["emulatedMediaFeatures", "[1]"],
    ["omitBackground", "true"],
    ["waitForSelector", ">>>"],
    ["userAgent", "agent\r\nX-B: y"],
  ])("with a wrong value are refused by name: %s=%s", (name, text) => {
    const refused = { code: "PDF_FIELD_INVALID", message: expect.stringContaining(name) };
    expect(() => read({ [name]: text })).toThrow(expect.objectContaining(refused));
  });
});

describe("lists of statuses", () => {
  it.each([
    [[499], 404, true],
    [[499], 499, true],
    [[499], 500, false],
    [[404], 403, false],
    [[], 500, false],
  ])("%j has %i: %s", (listed, status, has) => {
    expect(hasStatus(listed, status)).toBe(has);
  });
});
