import { createHash } from "node:crypto";
import { registerHooks } from "node:module";

import { TextDocument } from "vscode-languageserver-textdocument";

import type { PipelineFinding } from "./finding.ts";

// The package imports its JSON as bundlers take it; Node asks for the attribute.
registerHooks({
  load: (url, context, next) =>
    next(url, /\/@actions\/.*\.json$/.test(url) ? { ...context, importAttributes: { type: "json" } } : context),
});
const { registerLogger, validate } = await import("@actions/languageservice");

// Its validation writes what it cannot handle into a log and then finds nothing: that must not pass for a clean file.
registerLogger({ log: ignore, info: ignore, warn: ignore, error: fail });

/**
 * What GitHub's own parser says of a workflow: keys and their kinds, expressions and the contexts they may use, schedules, and
 * the graph of jobs and steps.
 */
export async function checkByGithub(workflow: string): Promise<readonly PipelineFinding[]> {
  // It keeps what it has parsed by address, and takes a file for a workflow by its folder.
  const address = `file:///.github/workflows/${createHash("sha256").update(workflow).digest("hex")}.yml`;
  const found = await validate(TextDocument.create(address, "yaml", 0, workflow));
  return found.map(({ message, range }) => {
    const text = typeof message === "string" ? message : message.value;
    return { rule: "github", message: `line ${range.start.line + 1}: ${text}` };
  });
}

function ignore(): void {}

function fail(message: string): never {
  throw new Error(message);
}
