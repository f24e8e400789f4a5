import type { Difference } from "../compatibility/difference.ts";
import { DIFFERENCES } from "../compatibility/differences.ts";
import { CHECKS } from "./checks.ts";
import { readStarts, type DockerfileStart } from "./dockerfile-starts.ts";
import { entrykitCalls, isEntrykitText } from "./entrykit-calls.ts";

/** A trap in a line of a Dockerfile. */
export interface Finding {
  /** `entrykit/` and the id of the difference. */
  readonly code: string;
  readonly severity: "error" | "warning";
  readonly line: number;
  readonly message: string;
  readonly hint: string;
}

/** The traps of entrykit in the ENTRYPOINT and CMD lines of a Dockerfile, in the order of its lines. */
export function lintDockerfile(text: string): readonly Finding[] {
  return readStarts(text)
    .flatMap(lintStart)
    .toSorted((a, b) => a.line - b.line);
}

function lintStart(start: DockerfileStart): readonly Finding[] {
  const found = entrykitCalls(start).flatMap((call) =>
    Object.entries(CHECKS).flatMap(([id, check]) =>
      [...new Set(check(call))].flatMap((piece) => finding(id, call.line, piece)),
    ),
  );
  return [...lintForm(start), ...found];
}

/** What is wrong with the form of the line, so that no calls are found in it. */
function lintForm({ entrypoint }: DockerfileStart): readonly Finding[] {
  if (entrypoint === undefined || !isEntrykitText(entrypoint)) return [];
  const { form, line, words } = entrypoint;
  const [program = ""] = words;
  if (form === "shell") return finding("shell-form", line, program);
  return program.includes(" ") ? finding("one-word-command", line, program) : [];
}

function finding(id: string, line: number, piece: string): readonly Finding[] {
  const row: Difference | undefined = DIFFERENCES.find((difference) => difference.id === id);
  if (row?.lint === undefined) throw new Error(`the difference ${id} has no words for lint`);
  const { severity, message, hint } = row.lint;
  return [{ code: `entrykit/${id}`, severity, line, message: message.replace("{found}", JSON.stringify(piece)), hint }];
}
