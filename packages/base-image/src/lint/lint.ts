import type { Finding } from "../dockerfile/finding.ts";
import { GRAMMAR } from "../dockerfile/parse/grammar.ts";
import { parse } from "../dockerfile/parse/parse.ts";
import type { ParsedDockerfile } from "../dockerfile/parse/parsed.ts";
import { lintFile, type LintFile } from "./lint-file.ts";
import type { Rule } from "./rule.ts";
import { RULES } from "./rules.ts";
import { shellFindings, type ShellCheck } from "./shellcheck.ts";
import { failsOnChecks, isBuildKit, suppress, suppressionOf, suppressionsIn } from "./suppression.ts";

/** What {@link lint} looks for. */
export interface LintOptions {
  /** Also the rules that teams differ about. */
  readonly pedantic?: boolean;
  /** The names of the stages that are built; by default the last one is. */
  readonly targets?: readonly string[];
  /** Rules whose findings are meant to be there, each with the reason. */
  readonly ignore?: Readonly<Record<string, string>>;
  /** Looks at the text of the RUNs. */
  readonly shellcheck?: ShellCheck | undefined;
  /** What is known of stages that are not in the text. */
  readonly elsewhere?: readonly Finding[];
}

/** What is to say about a Dockerfile. */
export interface LintReport {
  readonly parsed: ParsedDockerfile;
  /** In the order of the file. */
  readonly findings: readonly Finding[];
  /** How many more there are that a comment or an option says are meant to be there. */
  readonly suppressed: number;
}

/** Every code that a suppression may name, but for those of ShellCheck. */
export const KNOWN_CODES: readonly string[] = [...RULES.map(({ code }) => code), ...Object.keys(GRAMMAR)];

const RANKS = { error: 0, warning: 1, info: 2 };

/** Reads a Dockerfile and says what is wrong with it: by its grammar, its stages and variables, its habits, its shell text. */
export async function lint(text: string, options: LintOptions = {}): Promise<LintReport> {
  const file = lintFile(text, parse(text), options.targets);
  const ofShell = options.shellcheck === undefined ? [] : await shellFindings(file, options.shellcheck);
  return judge(file, ofShell, options);
}

/** The findings of a file, those of ShellCheck among them, without what is meant to be there. */
export function judge(file: LintFile, ofShell: readonly Finding[], options: LintOptions = {}): LintReport {
  const rules = RULES.filter(({ pedantic }) => options.pedantic === true || pedantic !== true);
  const strict = failsOnChecks(file);
  const ofRules = rules.flatMap((rule) => findingsOf(rule, file, strict));
  const suppressions = [
    ...suppressionsIn(file, RULES),
    ...Object.entries(options.ignore ?? {}).map(([code, reason]) => suppressionOf(code, reason)),
  ];
  const found = [...file.parsed.findings, ...(options.elsewhere ?? []), ...ofRules, ...ofShell];
  const { findings, suppressed } = suppress(found, suppressions, KNOWN_CODES);
  return { parsed: file.parsed, findings: findings.toSorted(inOrder), suppressed };
}

function findingsOf(rule: Rule, file: LintFile, strict: boolean): readonly Finding[] {
  const severity = strict && rule.also.some(isBuildKit) ? "error" : rule.severity;
  return [...rule.find(file)].map(({ line, column, message, hint = rule.remedy }) => ({
    code: rule.code,
    kind: rule.kind,
    severity,
    line,
    column,
    message,
    hint,
  }));
}

function inOrder(a: Finding, b: Finding): number {
  return a.line - b.line || a.column - b.column || RANKS[a.severity] - RANKS[b.severity];
}
