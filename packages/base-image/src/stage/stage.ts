import type { Comment } from "../dockerfile/file.ts";
import {
  argsUsedBy,
  declaration,
  type Instruction,
  type ListInstruction,
  type WordInstruction,
} from "../dockerfile/instruction.ts";
import { ARGUMENT, WORD, type BuildArg, type Text } from "../dockerfile/text.ts";
import { assertKind, FUNCTION, listOf, STRING, WORDS } from "../dockerfile/value-kind.ts";
import { from, type ImageBase, type NamedContext } from "./base.ts";
import { BASE, callOf, PORT, SIGNAL, STAGE, TRIGGER } from "./check-call.ts";
import { addStep, copyStep, writeStep, type AddOptions, type CopyOptions, type WriteOptions } from "./copy-step.ts";
import { healthcheckStep, type HealthcheckOptions } from "./healthcheck-step.ts";
import { envStep, labelStep } from "./pairs-step.ts";
import { runStep, startStep, type Runnable, type RunOptions } from "./run-step.ts";

/** One instruction, with the stages it refers to and the build arguments that it expands or that its command reads. */
export interface Step {
  readonly instruction: Instruction | Comment;
  readonly uses: readonly Stage[];
  readonly args: readonly BuildArg[];
  /** The images and named contexts it takes files from. */
  readonly outside?: readonly (ImageBase | NamedContext)[];
}

/**
 * A stage of a build. It never changes: each method gives a new stage with one instruction more, so a stage can be the
 * beginning of several others. Other stages refer to it as a value.
 */
export class Stage {
  readonly kind: "stage" = "stage" as const;
  readonly name: string;
  readonly base: ImageBase | Stage;
  readonly steps: readonly Step[];
  readonly about: string;

  constructor(name: string, base: ImageBase | Stage, steps: readonly Step[], about: string) {
    this.name = name;
    this.base = base;
    this.steps = steps;
    this.about = about;
  }

  /** `RUN`: shell text (`"a && b"`), a program (`["bundle", "install"]`), or a `script()`. */
  run(command: Runnable, options: RunOptions = {}): Stage {
    return this.#step(runStep(command, options, callOf("run", this)));
  }

  /** `COPY`; in a source `*` and `?` match, everything else is literal. */
  copy(sources: Text | readonly Text[], target: Text, options: CopyOptions = {}): Stage {
    return this.#step(copyStep(sources, target, options, callOf("copy", this)));
  }

  /** `ADD`: URLs, git repositories and archives; what lies in the context is better copied. */
  add(sources: Text | readonly Text[], target: Text, options: AddOptions = {}): Stage {
    return this.#step(addStep(sources, target, options, callOf("add", this)));
  }

  /** `COPY` of a body written out in the Dockerfile; it ends with a line end, and only ``expand`…` `` expands. */
  write(path: Text, body: Text, options: WriteOptions = {}): Stage {
    return this.#step(writeStep(path, body, options, callOf("write", this)));
  }

  /** `ENV`; an earlier pair is not seen by a later one of the same call. */
  env(pairs: Readonly<Record<string, Text>>): Stage {
    return this.#step(envStep(pairs, callOf("env", this)));
  }

  /** `LABEL` */
  label(pairs: Readonly<Record<string, Text>>): Stage {
    return this.#step(labelStep(pairs, callOf("label", this)));
  }

  /** `ARG` at this place; an argument that an instruction uses is declared without it. */
  arg(arg: BuildArg): Stage {
    assertKind(ARGUMENT, arg, callOf("arg", this), "the argument");
    return this.#add(declaration(arg), [arg]);
  }

  /** `WORKDIR` */
  workdir(path: Text): Stage {
    assertKind(WORD, path, callOf("workdir", this), "the path");
    return this.#word("WORKDIR", path);
  }

  /** `USER`; numeric ids (`1000:1000`) work where the image has no such name. */
  user(user: Text): Stage {
    assertKind(WORD, user, callOf("user", this), "the user");
    return this.#word("USER", user);
  }

  /** `STOPSIGNAL` */
  stopsignal(signal: Text): Stage {
    assertKind(SIGNAL, signal, callOf("stopsignal", this), "the signal");
    return this.#word("STOPSIGNAL", signal);
  }

  /** `EXPOSE` */
  expose(...ports: readonly (number | Text)[]): Stage {
    assertKind(listOf(PORT, 1), ports, callOf("expose", this), "the list of ports");
    const values = ports.map((port) => (typeof port === "number" ? String(port) : port));
    return this.#list("EXPOSE", values);
  }

  /** `VOLUME` */
  volume(...paths: readonly Text[]): Stage {
    assertKind(listOf(WORD, 1), paths, callOf("volume", this), "the list of paths");
    return this.#list("VOLUME", paths);
  }

  /** `ENTRYPOINT`: a program's words, or shell text. */
  entrypoint(command: readonly string[] | Text): Stage {
    return this.#step(startStep("ENTRYPOINT", command, callOf("entrypoint", this)));
  }

  /** `CMD`: a program's words, or shell text. */
  cmd(command: readonly string[] | Text): Stage {
    return this.#step(startStep("CMD", command, callOf("cmd", this)));
  }

  /** `HEALTHCHECK`: a program's words or shell text; `"none"` switches off the base's. */
  healthcheck(check: readonly string[] | Text, options: HealthcheckOptions = {}): Stage {
    return this.#step(healthcheckStep(check, options, callOf("healthcheck", this)));
  }

  /** `SHELL`: the words before the text of RUN, CMD, ENTRYPOINT and HEALTHCHECK. */
  shell(words: readonly string[]): Stage {
    assertKind(listOf(WORDS, 1), words, callOf("shell", this), "the words");
    return this.#add({ instruction: "SHELL", words: [...words] });
  }

  /** `ONBUILD`: what a stage on this image does first: `.onbuild((it) => it.run("bundle install"))`. */
  onbuild(more: (stage: Stage) => Stage): Stage {
    const call = callOf("onbuild", this);
    assertKind(FUNCTION, more, call, "its argument");
    const made = more(new Stage(this.name, this.base, [], ""));
    assertKind(TRIGGER, made, call, "what the function returns");
    return made.steps.reduce<Stage>(
      (so, { instruction, ...rest }) =>
        instruction.instruction === "COMMENT"
          ? so.comment(instruction.text)
          : so.#append({ instruction: { instruction: "ONBUILD", trigger: instruction }, ...rest }),
      this,
    );
  }

  /** A comment before the next instruction. */
  comment(text: string): Stage {
    assertKind(STRING, text, callOf("comment", this), "the text");
    return this.#step({ instruction: { instruction: "COMMENT", text }, uses: [], args: [] });
  }

  /** A comment before the stage's FROM. */
  describe(text: string): Stage {
    assertKind(STRING, text, callOf("describe", this), "the text");
    return new Stage(this.name, this.base, this.steps, text);
  }

  /** Goes on with a function, so that instructions which belong together can be reused: `.with(aptInstall(["git"]))`. */
  with(more: (stage: Stage) => Stage): Stage {
    const call = callOf("with", this);
    assertKind(FUNCTION, more, call, "its argument");
    const made = more(this);
    assertKind(STAGE, made, call, "what the function returns");
    return made;
  }

  #word(instruction: WordInstruction["instruction"], value: Text): Stage {
    return this.#add({ instruction, value });
  }

  #list(instruction: ListInstruction["instruction"], values: readonly Text[]): Stage {
    return this.#add({ instruction, values });
  }

  #add(instruction: Instruction, args: readonly BuildArg[] = []): Stage {
    return this.#step({ instruction, uses: [], args });
  }

  /** Adds what an instruction expands to what its maker knows of. */
  #step(step: Step): Stage {
    const { instruction, args } = step;
    const expanded = instruction.instruction === "COMMENT" ? [] : argsUsedBy(instruction);
    return this.#append(expanded.length === 0 ? step : { ...step, args: [...expanded, ...args] });
  }

  #append(step: Step): Stage {
    return new Stage(this.name, this.base, [...this.steps, step], this.about);
  }
}

/** A new stage on an image or on another stage: `stage("gems", from("ruby:3.3-slim")).workdir("/app")…`. */
export function stage(name: string, base: ImageBase | Stage | string): Stage {
  assertKind(STRING, name, "stage()", "the name");
  assertKind(BASE, base, `stage(${JSON.stringify(name)})`, "the base");
  return new Stage(name, typeof base === "string" ? from(base) : base, [], "");
}
