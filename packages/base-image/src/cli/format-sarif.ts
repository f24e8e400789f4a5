import type { Finding } from "../dockerfile/finding.ts";
import { RULES } from "../lint/rules.ts";
import type { FindingReport } from "./finding-report.ts";
import { VERSION } from "./version.ts";

const LEVELS = { error: "error", warning: "warning", info: "note" } as const;
const SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/**
 * Findings as a SARIF log, for programs that collect the findings of many.
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export function sarifLog({
  path,
  isDockerfile,
  findings,
}: Pick<FindingReport, "path" | "isDockerfile" | "findings">): object {
  const codes = [...new Set(findings.map(({ code }) => code))];
  const driver = { name: "base-image", semanticVersion: VERSION, rules: codes.map(describe) };
  const results = findings.map((finding) => resultOf(finding, codes, { path, isDockerfile }));
  return { $schema: SCHEMA, version: "2.1.0", runs: [{ tool: { driver }, columnKind: "utf16CodeUnits", results }] };
}

function describe(code: string): object {
  const rule = RULES.find((each) => each.code === code);
  if (rule === undefined) {
    return /^SC\d+$/.test(code) ? { id: code, helpUri: `https://www.shellcheck.net/wiki/${code}` } : { id: code };
  }
  return {
    id: code,
    shortDescription: { text: rule.title },
    fullDescription: { text: rule.reason },
    help: { text: rule.remedy },
    helpUri: rule.link,
    defaultConfiguration: { level: LEVELS[rule.severity] },
  };
}

function resultOf(
  { code, severity, line, column, message, hint }: Finding,
  codes: readonly string[],
  { path, isDockerfile }: Pick<FindingReport, "path" | "isDockerfile">,
): object {
  const region = isDockerfile && line > 0 ? { region: { startLine: line, startColumn: Math.max(1, column) } } : {};
  const rendered = isDockerfile || line === 0 ? "" : ` (line ${line} of the rendered Dockerfile)`;
  const artifactLocation = { uri: path.split("/").map(encodeURIComponent).join("/") };
  return {
    ruleId: code,
    ruleIndex: codes.indexOf(code),
    level: LEVELS[severity],
    message: { text: `${message}${rendered}. ${hint}` },
    locations: [{ physicalLocation: { artifactLocation, ...region } }],
  };
}
