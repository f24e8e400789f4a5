import { describe, expect, it } from "vitest";

import { reasonOf, whileLeaving } from "../src/browser/reasons.ts";
import { Refusal } from "../src/refusal.ts";

const RUNNING = { limit: new AbortController().signal, proxy: { refusals: [] }, connected: true };

describe("what an error of the browser stands for", () => {
  it.each([
    ["net::ERR_NAME_NOT_RESOLVED at http://a/", "PDF_PAGE_UNREACHABLE"],
    ["net::ERR_TUNNEL_CONNECTION_FAILED at https://a/", "PDF_PAGE_UNREACHABLE"],
    ["net::ERR_ABORTED at http://a/", "PDF_PAGE_FAILED"],
    ["Execution context was destroyed, most likely because of a navigation.", "PDF_PAGE_FAILED"],
    ["Protocol error (Page.printToPDF): Page range exceeds page count", "PDF_SETTINGS_REFUSED"],
    ["Protocol error (Page.printToPDF): invalid print parameters: content area is empty", "PDF_SETTINGS_REFUSED"],
    ["Protocol error (Page.printToPDF): Printing failed", "PDF_BROWSER_LOST"],
    ["Protocol error (Target.createTarget): Target closed", "PDF_BROWSER_LOST"],
  ])("%s: %s", (message, code) => {
    expect(reasonOf(new Error(message), RUNNING)).toMatchObject({ code });
  });

  it("is a refused address when the tunnel was refused", () => {
    const proxy = { refusals: ["10.0.0.5:443 is private"] };
    const error = new Error("net::ERR_TUNNEL_CONNECTION_FAILED at https://a/");
    expect(reasonOf(error, { ...RUNNING, proxy })).toMatchObject({
      code: "PDF_ADDRESS_REFUSED",
      message: "10.0.0.5:443 is private",
    });
  });

  it("follows from a limit that was met, or a browser that is gone", () => {
    const control = new AbortController();
    const reason = new Refusal("PDF_TIMEOUT", "late");
    control.abort(reason);
    expect(reasonOf(new Error("Target closed"), { ...RUNNING, limit: control.signal })).toBe(reason);
    expect(reasonOf(new Error("anything"), { ...RUNNING, connected: false })).toMatchObject({
      code: "PDF_BROWSER_LOST",
    });
  });

  it("is the page's own when it was leaving and could not be printed", () => {
    const error = new Error("Protocol error (Page.printToPDF): Printing failed");
    expect(whileLeaving(error)).toMatchObject({ code: "PDF_PAGE_FAILED", cause: error });
    const closed = new Error("Protocol error (Target.createTarget): Target closed");
    expect(whileLeaving(closed)).toBe(closed);
  });

  it("stays what it is when nothing is known of it", () => {
    const error = new TypeError("x is not a function");
    expect(reasonOf(error, RUNNING)).toBe(error);
  });
});
