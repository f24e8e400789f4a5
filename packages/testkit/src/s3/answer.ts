import type { ServerResponse } from "node:http";

import type { Fault } from "./fault-script.ts";
import type { LoggedRequest } from "./request-log.ts";
import type { S3Fault } from "./signature.ts";

/** What is said to a request. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
}

/** An error in S3's XML. */
export function errorAnswer(
  { status, code, message }: S3Fault,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  const body = `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  return { status, headers: { "content-type": "application/xml", ...headers }, body };
}

/** An answer in S3's XML. */
export function xmlAnswer(body: string): Answer {
  return { status: 200, headers: { "content-type": "application/xml" }, body: `<?xml version="1.0"?>${body}` };
}

/** Says an answer, or as much of it as the fault lets through. */
export function sayAnswer(
  response: ServerResponse,
  answer: Answer,
  request: LoggedRequest,
  fault: Fault | undefined,
): void {
  if (fault?.kind === "cut" && fault.when !== "during") return void response.socket?.resetAndDestroy();
  if (fault?.kind === "cut") return sayHalf(response, answer, () => response.socket?.resetAndDestroy());
  if (fault?.kind === "truncate") return sayHalf(response, answer, () => response.socket?.end());
  if (fault?.kind === "stall") {
    return sayHalf(response, answer, () => {
      request.status = answer.status;
    });
  }
  request.status = answer.status;
  response.writeHead(answer.status, answer.headers).end(request.method === "HEAD" ? undefined : answer.body);
}

function sayHalf(response: ServerResponse, answer: Answer, said: () => void): void {
  const body = Buffer.from(answer.body ?? "");
  response.writeHead(answer.status, { ...answer.headers, "content-length": String(body.length + 1) });
  response.write(body.subarray(0, Math.ceil(body.length / 2)), said);
}
