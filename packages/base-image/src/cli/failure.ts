/** What ended the program, as people and programs are told. A `BaseImageError` is one. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  readonly exitCode: number;
}

/** A failure as people read it: what happened, what to do, the code. */
export function failureText({ code, message, hint }: Failure): string {
  return `base-image: ${message}\n  ${hint}\n  [${code}]\n`;
}

/** The last two lines with `--json`: the failure, and what there is to sum up with the exit code. */
export function failureLines({ code, message, hint, exitCode }: Failure, summary: object = {}): string {
  const lines = [
    { type: "error", code, message, hint, exitCode },
    { type: "summary", ...summary, exitCode },
  ];
  return lines.map((line) => `${JSON.stringify(line)}\n`).join("");
}

/** Whether a command line asks for JSON, right or wrong as it may be otherwise. */
export function asksForJson(args: readonly string[]): boolean {
  const end = args.indexOf("--");
  const flags = args.slice(0, end === -1 ? args.length : end);
  const named = flags.some(
    (flag, index) => flag === "--format=json" || (flag === "json" && flags[index - 1] === "--format"),
  );
  return named || flags.includes("--json");
}
