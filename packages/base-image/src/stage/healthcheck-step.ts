import type { HealthcheckInstruction } from "../dockerfile/instruction.ts";
import type { Text } from "../dockerfile/text.ts";
import {
  assertKind,
  assertShape,
  either,
  optional,
  oneOf,
  type ShapeKinds,
  type ValueKind,
} from "../dockerfile/value-kind.ts";
import { checkDuration } from "../dockerfile/parse/duration.ts";
import { STARTED } from "./check-call.ts";
import { argsInCommand, toCommand } from "./run-step.ts";
import type { Step } from "./stage.ts";

/** Options of `Stage.healthcheck`; durations as Go writes them: `30s`, `1m30s`, `500ms`. */
export interface HealthcheckOptions {
  readonly interval?: string;
  readonly timeout?: string;
  readonly startPeriod?: string;
  /** Between checks while it starts; engines before 25 refuse it. */
  readonly startInterval?: string;
  readonly retries?: number;
}

/** At least a millisecond, as the engine demands, and no longer than Go can count. */
const DURATION: ValueKind = {
  expected: 'a duration, as "30s" or "1m30s", from a millisecond to 290 years',
  holds: (value) =>
    typeof value === "string" &&
    /^(?=.*[1-9])(?:\d+(?:\.\d+)?(?:ms|s|m|h))+$/.test(value) &&
    checkDuration(value, "") === undefined,
};
const OPTIONS: ShapeKinds = {
  interval: optional(DURATION),
  timeout: optional(DURATION),
  startPeriod: optional(DURATION),
  startInterval: optional(DURATION),
  retries: optional({
    expected: "a number from 1 to 2147483647",
    holds: (value) => Number.isInteger(value) && Number(value) > 0 && Number(value) < 2 ** 31,
  }),
};

/** `HEALTHCHECK` */
export function healthcheckStep(check: readonly string[] | Text, options: HealthcheckOptions, call: string): Step {
  assertKind(either(STARTED, oneOf("none")), check, call, "the check");
  assertShape(options, OPTIONS, call, "the options");
  const instruction: HealthcheckInstruction = {
    instruction: "HEALTHCHECK",
    check: check === "none" ? "none" : toCommand(check, "HEALTHCHECK"),
    ...options,
  };
  return { instruction, uses: [], args: argsInCommand(check) };
}
