import { describe, expect, it } from "vitest";

import { readFailure, S3AnswerError } from "../../src/store/failed-request.ts";
import { retryPause, retryReason } from "../../src/store/retry.ts";

function answer(status: number, code: string, headers: Readonly<Record<string, string>> = {}): Error {
  return new S3AnswerError(status, headers, `<Error><Code>${code}</Code><Message>a &amp; b</Message></Error>`);
}

/** The shortest pause after an answer with this Retry-After. */
function after(value: string): number {
  return retryPause(1, "throttled", readFailure(answer(503, "SlowDown", { "retry-after": value })), () => 0);
}

describe("what is worth another attempt", () => {
  it.each([
    [answer(500, "InternalError"), "broken"],
    [answer(502, ""), "broken"],
    [answer(408, ""), "broken"],
    [answer(503, "SlowDown"), "throttled"],
    [answer(429, "TooManyRequests"), "throttled"],
    [answer(400, "RequestTimeout"), "throttled"],
    [answer(403, "RequestTimeTooSkewed"), "clock"],
    [answer(400, "ExpiredToken"), "credentials"],
    [Object.assign(new Error("reset"), { code: "ECONNRESET" }), "broken"],
    [Object.assign(new Error("pipe"), { code: "EPIPE" }), "broken"],
    [Object.assign(new Error("silence"), { name: "TimeoutError" }), "throttled"],
  ])("%s because of %s", (error, reason) => {
    expect(retryReason(readFailure(error))).toBe(reason);
  });

  it.each([
    answer(403, "AccessDenied"),
    answer(403, "SignatureDoesNotMatch"),
    answer(404, "NoSuchKey"),
    answer(412, "PreconditionFailed"),
    answer(400, "BadDigest"),
    answer(501, "NotImplemented"),
    new Error("a bug"),
  ])("not %s", (error) => {
    expect(retryReason(readFailure(error))).toBeUndefined();
  });
});

describe("the pause before another attempt", () => {
  const failure = readFailure(answer(503, "SlowDown"));
  const longest = (attempt: number, asked = failure): number => retryPause(attempt, "throttled", asked, () => 1);

  it("is anything up to a span that doubles, and never over 20 seconds", () => {
    expect([1, 2, 3, 4, 5, 6, 7, 50].map((attempt) => longest(attempt))).toEqual([
      500, 1_000, 2_000, 4_000, 8_000, 16_000, 20_000, 20_000,
    ]);
    expect(retryPause(3, "throttled", failure, () => 0)).toBe(0);
  });

  it("is at least what Retry-After asks for, in seconds or as a date, up to the same end", () => {
    expect(after("3")).toBe(3_000);
    expect(after("3600")).toBe(20_000);
    expect(after("soon")).toBe(0);
    expect(after(new Date(Date.now() + 9_000).toUTCString())).toBeGreaterThan(5_000);
    expect(after("Wed, 21 Oct 2015 07:28:00 GMT")).toBe(0);
  });
});

describe("an answer that is an error", () => {
  it("is read with its entities, and without a body by its status", () => {
    expect(readFailure(answer(503, "SlowDown"))).toMatchObject({ name: "SlowDown", message: "a & b", status: 503 });
    expect(readFailure(new S3AnswerError(502, {}, ""))).toMatchObject({
      name: "Status502",
      message: "HTTP status 502",
    });
  });
});
