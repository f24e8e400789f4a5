import { printable } from "../errors.ts";
import { printOut } from "../process/output.ts";
import { CHECKS, type DoctorFinding } from "./doctor-checks.ts";
import type { ParsedFlags } from "./flags.ts";
import { jsonLine } from "./report.ts";

/** `entrypoint doctor`: prints what this machine allows; resolves to 1 when starts fail here. */
export async function doctor(flags: ParsedFlags): Promise<number> {
  const findings = await Promise.all(
    Object.entries(CHECKS).map(async ([check, look]): Promise<DoctorFinding> => ({
      check,
      ...(await look({ env: process.env })),
    })),
  );
  const json = flags.values["--json"] === true;
  const width = Math.max(...findings.map(({ check }) => check.length));
  const lines = findings.map((finding) =>
    json ? jsonLine({ type: "finding", ...finding }) : `${printable(textOf(finding, width))}\n`,
  );
  const bad = findings.filter(({ verdict }) => verdict === "bad").length;
  const summary = json ? jsonLine({ type: "summary", findings: findings.length, bad }) : "";
  return printOut(`${lines.join("")}${summary}`) || Number(bad > 0);
}

function textOf({ check, verdict, found, hint }: DoctorFinding, width: number): string {
  const line = `${verdict.padEnd(4)}  ${check.padEnd(width)}  ${found}`;
  return hint === undefined ? line : `${line}\n  remedy: ${hint}`;
}
