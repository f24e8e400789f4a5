import { WORD } from "../dockerfile/text.ts";
import { either, listOf, matching, STRING, type ValueKind } from "../dockerfile/value-kind.ts";
import { isImageBase, isNamedContext } from "./base.ts";
import type { Script } from "./run-step.ts";
import type { Stage } from "./stage.ts";

/** A stage. */
export const STAGE: ValueKind = { expected: "a stage made with stage()", holds: isStage };

/** What a stage may stand on. */
export const BASE: ValueKind = either(STAGE, {
  expected: "an image, as a string or made with from()",
  holds: (value) => (typeof value === "string" && value !== "") || isImageBase(value),
});

/** Where files may come from. */
export const SOURCE: ValueKind = {
  expected: "a stage, an image made with from(), or namedContext()",
  holds: (value) => isStage(value) || isImageBase(value) || isNamedContext(value),
};

/** What CMD and ENTRYPOINT take; an empty list takes back what the base has. */
export const START: ValueKind = either(WORD, listOf(STRING));

/** What HEALTHCHECK takes. */
export const STARTED: ValueKind = either(WORD, listOf(STRING, 1));

/** A stage whose instructions a later build can do: not FROM, and no values of other stages. */
export const TRIGGER: ValueKind = {
  expected:
    "the stage it was given, with one instruction or more, none of them from another stage, bind mount or ONBUILD",
  holds: (value) =>
    isStage(value) &&
    value.steps.length > 0 &&
    value.steps.every(({ instruction, uses }) => uses.length === 0 && instruction.instruction !== "ONBUILD"),
};

/** What RUN takes. */
export const RUNNABLE: ValueKind = {
  expected: `${WORD.expected}, or ${listOf(STRING, 1).expected}, or script()`,
  holds: (value) => WORD.holds(value) || listOf(STRING, 1).holds(value) || isScript(value),
};

/** The sources of a COPY. */
export const SOURCES: ValueKind = either(WORD, listOf(WORD, 1));

const SIGNAL_NAME = matching(
  /^(?:[1-9]|[1-5]\d|6[0-4]|(?:SIG)?(?:ABRT|ALRM|BUS|CHLD|CONT|FPE|HUP|ILL|INT|IO|KILL|PIPE|PROF|PWR|QUIT|SEGV|STKFLT|STOP|SYS|TERM|TRAP|TSTP|TTIN|TTOU|URG|USR1|USR2|VTALRM|WINCH|XCPU|XFSZ|RTMIN(?:\+\d+)?|RTMAX(?:-\d+)?))$/,
  "the name or number of a signal, as SIGTERM",
);

/** Signals by the names and numbers Linux has, or in a variable. */
export const SIGNAL: ValueKind = {
  expected: SIGNAL_NAME.expected,
  holds: (value) => (typeof value === "string" ? SIGNAL_NAME.holds(value) : WORD.holds(value)),
};

/** What EXPOSE takes. */
export const PORT: ValueKind = { expected: '3000, "3000-3010" or "53/udp", from 1 to 65535', holds: isPort };

/** The call of a stage's method, as errors name it. */
export function callOf(method: string, stage: Stage): string {
  return `${method}() of stage ${stage.name}`;
}

function isStage(value: unknown): value is Stage {
  if (typeof value !== "object" || value === null || !("kind" in value) || value.kind !== "stage") return false;
  return "steps" in value && Array.isArray(value.steps) && "run" in value && typeof value.run === "function";
}

function isScript(value: unknown): value is Script {
  if (typeof value !== "object" || value === null || !("kind" in value) || value.kind !== "script") return false;
  return "body" in value && typeof value.body === "string";
}

function isPort(value: unknown): boolean {
  if (typeof value !== "number" && typeof value !== "string") return WORD.holds(value);
  const [, first, last = first] = /^(\d+)(?:-(\d+))?(?:\/(?:tcp|udp|sctp))?$/.exec(String(value)) ?? [];
  return Number(first) >= 1 && Number(last) <= 65_535 && Number(first) <= Number(last);
}
