import { EventEmitter } from "node:events";

import { writeOut } from "./output.ts";

/**
 * Puts a stand-in in the place of `process.stderr`. Node opens that stream when it is looked at, as it does itself whenever a
 * socket is closed, and a pipe that it opens is non-blocking for whoever has it. What libraries write to the stand-in is printed.
 */
export function replaceStandardError(): void {
  const value = Object.assign(new EventEmitter(), { fd: 2, writable: true, write });
  Object.defineProperty(process, "stderr", { configurable: true, value });
}

function write(text: string | Uint8Array): boolean {
  return writeOut(2, typeof text === "string" ? text : Buffer.from(text).toString()) === "";
}
