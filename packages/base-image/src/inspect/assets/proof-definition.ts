import { nearest } from "../../dockerfile/known-keys.ts";
import { BaseImageError } from "../../errors.ts";
import { aptInstall } from "../../recipe/apt.ts";
import { stagesFor } from "../../stage/graph.ts";
import { defineImage, withPins, type ImageDefinition } from "../../stage/image.ts";
import { pathsTakenBy } from "../../stage/inputs.ts";
import { script } from "../../stage/run-step.ts";
import type { ImageBase } from "../../stage/base.ts";
import { stage, Stage, type Step } from "../../stage/stage.ts";
import { RECORD_OUTPUTS, RECORD_TRACE, RECORDS, TRACER } from "./proof-script.ts";

/** Where the context of a proof holds the whole application. */
export const FULL_TREE = ".slipway/full";

/** The two builds that are compared, as variants of one definition. */
export interface ProofDefinition {
  readonly definition: ImageDefinition;
  /** What the stage and those it is built on take from the context. */
  readonly inputs: readonly string[];
  /** What those it is built on take: their own form of it stays, in the whole application too. */
  readonly below: readonly string[];
}

/**
 * The stage that compiles the assets, twice: as it is (variant `restricted`), and with the whole application laid over what
 * it copies (variant `full`), where the compilation is traced if asked for. What compiles is the stage's last RUN.
 * @throws BaseImageError BASE_IMAGE_USAGE when the definition has no such stage, or it runs nothing.
 */
export function proofDefinition(definition: ImageDefinition, name: string, trace: boolean): ProofDefinition {
  const found = findStage(definition, name);
  const last = found.steps.findLastIndex(({ instruction }) => instruction.instruction === "RUN");
  const compile = found.steps[last];
  if (compile === undefined)
    throw new BaseImageError("BASE_IMAGE_USAGE", `stage ${name} has no RUN that could compile`);
  const before = found.steps.slice(0, last);
  const restricted = new Stage(`${name}-restricted`, found.base, [...before, compile], "").with(recorded);
  const tools = trace ? new Stage("tools", found.base, [], "").with(aptInstall(["strace"])).steps : [];
  const whole = new Stage(`${name}-full`, found.base, [...tools, ...before], "").copy(`${FULL_TREE}/`, "./");
  const full = (trace ? traced(whole, compile) : append(whole, compile)).with(recorded);
  const variants = { restricted: recordsOf(restricted), full: recordsOf(full) };
  const { context, programs, frontend, syntax, pins } = definition;
  const made = defineImage({
    name: definition.name,
    stages: [
      ...stagesFor([found], definition.stages).filter((each) => each !== found),
      restricted,
      full,
      ...Object.values(variants),
    ],
    variants,
    programs,
    frontend,
    ...(context === undefined ? {} : { context }),
    ...(syntax === undefined ? {} : { syntax }),
  });
  const below = found.base.kind === "stage" ? pathsTakenBy(found.base) : [];
  return { definition: withPins(made, pins ?? new Map()), inputs: pathsTakenBy(found), below };
}

/** What a build has written down, on the image all of it stands on: the compiled stage itself would be slow to export. */
function recordsOf(compiled: Stage): Stage {
  return stage(`${compiled.name}-records`, imageBelow(compiled)).copy(`${RECORDS}/`, `${RECORDS}/`, { from: compiled });
}

function imageBelow({ base }: Stage): ImageBase {
  return base.kind === "stage" ? imageBelow(base) : base;
}

function findStage({ name: image, stages }: ImageDefinition, name: string): Stage {
  const found = stages.find((each) => each.name === name);
  if (found !== undefined) return found;
  const names = stages.map((each) => each.name);
  const near = nearest(name, names);
  throw new BaseImageError("BASE_IMAGE_USAGE", `${image} has no stage ${name}; it has ${names.join(", ")}`, {
    hint: near === undefined ? "Name the stage that compiles the assets with --stage." : `Did you mean ${near}?`,
  });
}

/** The same instruction under the tracer: in front of its words, or of the shell that reads its text. */
function traced(so: Stage, compile: Step): Stage {
  const { instruction } = compile;
  if (instruction.instruction !== "RUN") return append(so, compile);
  if (instruction.command.form === "exec") {
    const command = { ...instruction.command, words: [...TRACER, ...instruction.command.words] };
    return append(so, { ...compile, instruction: { ...instruction, command } }).with(withTrace);
  }
  return append(so.shell([...TRACER, ...shellOf(so)]), compile).with(withTrace);
}

function withTrace(so: Stage): Stage {
  return so.shell(["/bin/sh", "-c"]).run(script(...RECORD_TRACE));
}

function recorded(so: Stage): Stage {
  return so.shell(["/bin/sh", "-c"]).run(script(...RECORD_OUTPUTS));
}

/** The shell in force at the end of a stage. */
function shellOf({ base, steps }: Stage): readonly string[] {
  const found = steps.findLast(({ instruction }) => instruction.instruction === "SHELL")?.instruction;
  if (found?.instruction === "SHELL") return found.words;
  return base.kind === "stage" ? shellOf(base) : ["/bin/sh", "-c"];
}

function append({ name, base, steps, about }: Stage, step: Step): Stage {
  return new Stage(name, base, [...steps, step], about);
}
