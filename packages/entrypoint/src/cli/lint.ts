import { readFileSync } from "node:fs";

import { lintDockerfile, type Finding } from "../entrykit/lint/lint-dockerfile.ts";
import { EntrypointError, messageOf, printable } from "../errors.ts";
import { writeOut } from "../process/output.ts";
import type { ParsedFlags } from "./flags.ts";

/** `entrypoint lint`: prints the traps in a Dockerfile's entrykit lines; resolves to 1 when one is an error. */
export function lint(flags: ParsedFlags): number {
  const { "--dockerfile": named } = flags.values;
  const file = typeof named === "string" ? named : "Dockerfile";
  const findings = lintDockerfile(readDockerfile(file));
  const errors = findings.filter(({ severity }) => severity === "error").length;
  const json = flags.values["--json"] === true;
  for (const finding of findings) {
    const line = json ? JSON.stringify({ type: "finding", file, ...finding }) : textOf(file, finding);
    writeOut(1, `${printable(line)}\n`);
  }
  const counts = { findings: findings.length, errors };
  if (json) writeOut(1, `${JSON.stringify({ type: "summary", ...counts })}\n`);
  else writeOut(1, `${file}: ${findings.length === 0 ? "no traps" : `${String(findings.length)} found`}\n`);
  return errors > 0 ? 1 : 0;
}

function textOf(file: string, { line, severity, message, hint, code }: Finding): string {
  return `${file}:${String(line)}: ${severity}: ${message}\n  remedy: ${hint} [${code}]`;
}

function readDockerfile(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new EntrypointError("ENTRYPOINT_LINT_UNREADABLE", { message: `lint: ${file}: ${messageOf(cause)}`, cause });
  }
}
