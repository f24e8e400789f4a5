import type { Finding } from "../dockerfile/finding.ts";
import type { FindingReport } from "./finding-report.ts";

const COMMANDS = { error: "error", warning: "warning", info: "notice" } as const;

/**
 * Findings as workflow commands, which GitHub shows beside the changed lines.
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
 */
export function githubLines({
  path,
  isDockerfile,
  findings,
}: Pick<FindingReport, "path" | "isDockerfile" | "findings">): string {
  return findings.map((finding) => `${githubLine(finding, path, isDockerfile)}\n`).join("");
}

function githubLine(
  { code, severity, line, column, message, hint }: Finding,
  path: string,
  isDockerfile: boolean,
): string {
  const place = isDockerfile && line > 0 ? { line: String(line), col: String(column) } : {};
  const properties = Object.entries({ file: path, ...place, title: code })
    .map(([key, value]) => `${key}=${escapeProperty(value)}`)
    .join(",");
  const rendered = isDockerfile || line === 0 ? "" : ` (line ${line} of the rendered Dockerfile)`;
  return `::${COMMANDS[severity]} ${properties}::${escapeData(`${message}${rendered}\n${hint}`)}`;
}

function escapeData(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
