import { flag, csvLine, mountFlag } from "./flag.ts";
import { foldShell } from "./fold.ts";
import { heredoc, heredocLines, heredocMarker } from "./heredoc.ts";
import type { Command, HealthcheckInstruction, RunInstruction } from "./instruction.ts";

/** `RUN` with its flags, one a line where there are any. */
export function renderRun(run: RunInstruction): string {
  const flags = runFlags(run);
  const { command } = run;
  if (command.form === "script") {
    const body = heredoc(command.body, "the script of a RUN");
    return `${["RUN", ...(flags.length === 0 ? [] : [flags.join(" \\\n    ")])].join(" ")} ${heredocMarker(body)}\n${heredocLines(body)}`;
  }
  const head = flags.length === 0 ? "RUN " : `RUN ${flags.join(" \\\n    ")} \\\n    `;
  return `${head}${commandText(command, 4)}`;
}

/** `HEALTHCHECK` */
export function renderHealthcheck(healthcheck: HealthcheckInstruction): string {
  const { check, interval, timeout, startPeriod, startInterval, retries } = healthcheck;
  if (check === "none") return "HEALTHCHECK NONE\n";
  const flags = Object.entries({
    interval,
    timeout,
    "start-period": startPeriod,
    "start-interval": startInterval,
    retries,
  }).flatMap(([name, value]) => (value === undefined ? [] : [`${flag(name, String(value))} `]));
  return `HEALTHCHECK ${flags.join("")}CMD ${commandText(check, 16)}`;
}

/** What stands after `CMD`, `ENTRYPOINT` or the flags of `RUN`, with the bodies below it. */
export function commandText(command: Command, firstColumn: number): string {
  if (command.form === "exec") return `${jsonList(command.words)}\n`;
  if (command.form === "script") return `${jsonList(["/bin/sh", "-c", command.body])}\n`;
  const { text, heredocs = [] } = command;
  const lines = text.includes("\n") || heredocs.length > 0 ? [text] : foldShell(text, firstColumn);
  return `${lines.join(" \\\n")}\n${heredocs.map(heredocLines).join("")}`;
}

/** A list in JSON, as people write it. */
export function jsonList(words: readonly string[]): string {
  return `[${words.map((word) => JSON.stringify(word)).join(", ")}]`;
}

function runFlags({ mounts = [], network, security, devices = [] }: RunInstruction): readonly string[] {
  return [
    ...mounts.map(mountFlag),
    ...devices.map(({ name, required }) =>
      flag("device", csvLine([`name=${name}`, ...(required === true ? ["required"] : [])])),
    ),
    ...(network === undefined ? [] : [flag("network", network)]),
    ...(security === undefined ? [] : [flag("security", security)]),
  ];
}
