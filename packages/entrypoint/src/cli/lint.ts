import { existsSync } from "node:fs";

import { lintDefinition } from "../boot/lint-definition.ts";
import { lintStartLines } from "../boot/lint-start-lines.ts";
import { DEFAULT_CONFIG } from "../boot/load.ts";
import { lintDockerfile } from "../entrykit/lint/lint-dockerfile.ts";
import { EntrypointError, messageOf, printable } from "../errors.ts";
import { printOut } from "../process/output.ts";
import { readWrittenFile } from "../process/regular-file.ts";
import type { ParsedFlags } from "./flags.ts";
import { jsonLine } from "./report.ts";

/** A finding in one of the files: at a line of a Dockerfile, or a path of a definition. */
interface PlacedFinding {
  readonly file: string;
  readonly code: string;
  readonly severity: "error" | "warning";
  readonly line?: number;
  readonly path?: string;
  readonly message: string;
  readonly hint: string;
}

/** `entrypoint lint`: prints the traps in a Dockerfile and a definition; resolves to 1 when one is an error. */
export function lint(flags: ParsedFlags): number {
  const files = filesOf(flags);
  const findings = files.flatMap(({ file, look }) => look(read(file)).map((finding) => ({ file, ...finding })));
  const errors = findings.filter(({ severity }) => severity === "error").length;
  const json = flags.values["--json"] === true;
  const lines = findings.map((finding) =>
    json ? jsonLine({ type: "finding", ...finding }) : `${printable(textOf(finding))}\n`,
  );
  const counts = json
    ? [jsonLine({ type: "summary", findings: findings.length, errors })]
    : files.map(({ file }) => `${file}: ${countText(findings.filter((one) => one.file === file))}\n`);
  return printOut([...lines, ...counts].join("")) || Number(errors > 0);
}

interface LintedFile {
  readonly file: string;
  readonly look: (text: string) => readonly Omit<PlacedFinding, "file">[];
}

/** Those that are named; of those that are not, each that is there. */
function filesOf({ values }: ParsedFlags): readonly LintedFile[] {
  const { "--dockerfile": dockerfile, "--config": config } = values;
  const named = [dockerfile, config].some((value) => value !== undefined);
  const files = [
    { file: dockerfile ?? "Dockerfile", given: dockerfile, look: lintLines },
    { file: config ?? DEFAULT_CONFIG, given: config, look: (text: string) => lintDefinition(text, process.env) },
  ].flatMap(({ file, given, look }) =>
    typeof file === "string" && (named ? given !== undefined : existsSync(file)) ? [{ file, look }] : [],
  );
  // Without any the message is about the first.
  return files.length > 0 ? files : [{ file: "Dockerfile", look: lintLines }];
}

function lintLines(text: string): readonly Omit<PlacedFinding, "file">[] {
  return [...lintDockerfile(text), ...lintStartLines(text)].toSorted((a, b) => a.line - b.line);
}

function textOf({ file, line, path, severity, message, hint, code }: PlacedFinding): string {
  const place = line === undefined ? file : `${file}:${String(line)}`;
  const within = path === undefined || path === "" ? "" : `${path}: `;
  return `${place}: ${severity}: ${within}${message}\n  remedy: ${hint} [${code}]`;
}

function countText(findings: readonly PlacedFinding[]): string {
  return findings.length === 0 ? "no traps" : `${String(findings.length)} found`;
}

function read(file: string): string {
  try {
    return readWrittenFile(file);
  } catch (cause) {
    throw new EntrypointError("ENTRYPOINT_LINT_UNREADABLE", { message: `lint: ${file}: ${messageOf(cause)}`, cause });
  }
}
