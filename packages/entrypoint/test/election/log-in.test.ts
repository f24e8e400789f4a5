import crypto from "node:crypto";

import { describe, expect, it } from "vitest";

import { openLogIn } from "../../src/election/postgres/question/log-in.ts";
import { int32, type Message } from "../../src/election/postgres/question/messages.ts";

function request(kind: number, text: string): Message {
  return { type: "R", body: Buffer.concat([int32(kind), Buffer.from(text)]) };
}

/** A server's second request of a log-in that has begun. */
function continueWith(rounds: string): Buffer | undefined {
  const answer = openLogIn(crypto, "user", "secret");
  const hello = answer(request(10, "SCRAM-SHA-256\0\0"))?.toString() ?? "";
  const nonce = hello.slice(hello.indexOf("r=") + 2);
  return answer(request(11, `r=${nonce}abc,s=c2FsdA==,i=${rounds}`));
}

describe("a SCRAM log-in", () => {
  it("takes as many rounds as a start can be kept waiting for", () => {
    expect(continueWith("1000000")?.toString()).toContain("p=");
    expect(() => continueWith("1000001")).toThrow("asks for 1000001 rounds of SCRAM, more than 1000000");
    expect(() => continueWith("0")).toThrow("malformed");
  });
});
