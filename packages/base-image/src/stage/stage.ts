import { BaseImageError } from "../errors.ts";
import type { Command, Instruction } from "../dockerfile/instruction.ts";
import type { BindMount, Mount } from "../dockerfile/mount.ts";
import { ARGUMENT, partsOf, TEXT, WORD, type BuildArg, type Text } from "../dockerfile/text.ts";
import {
  assertKind,
  assertRecord,
  assertShape,
  BOOLEAN,
  FUNCTION,
  listOf,
  optional,
  STRING,
  WORDS,
} from "../dockerfile/value-kind.ts";
import { from, referenceText, type ImageBase, type NamedContext } from "./base.ts";
import {
  assertCopyOptions,
  assertMounts,
  assertRunOptions,
  BASE,
  callOf,
  PORT,
  RUNNABLE,
  SIGNAL,
  SOURCE,
  SOURCES,
  STAGE,
  START,
} from "./check-call.ts";

/** Where a COPY or a bind mount may take files from. */
export type Source = Stage | ImageBase | NamedContext;

/** One instruction, with the stage values it refers to. */
export interface Step {
  readonly instruction: Instruction;
  readonly uses: readonly Stage[];
}

/** A script for RUN, made with {@link script}. */
export interface Script {
  readonly kind: "script";
  readonly body: string;
}

/** What RUN takes: shell text, the words of a program, or a script of several lines. */
export type Runnable = Text | readonly string[] | Script;

/** Options of {@link Stage.run}. */
export interface RunOptions {
  readonly mounts?: readonly Mount<Source>[];
  readonly network?: "default" | "none" | "host";
  /** Build arguments that the command reads from its environment. */
  readonly args?: readonly BuildArg[];
}

/** Options of {@link Stage.copy}. */
export interface CopyOptions {
  readonly from?: Source;
  readonly chown?: Text;
  readonly chmod?: string;
  readonly link?: boolean;
}

/** Files of a stage, an image or the context, seen at `target` while a command runs. */
export function bind(target: string, options: Omit<BindMount<Source>, "type" | "target"> = {}): BindMount<Source> {
  assertKind(STRING, target, "bind()", "target");
  const kinds = { source: optional(WORDS), from: optional(SOURCE), writable: optional(BOOLEAN) };
  assertShape(options, kinds, "bind()", "the options");
  return { type: "bind", target, ...options };
}

/** Several lines for the shell, which stops at the first that fails; a first line with `#!` names another program. */
export function script(body: string): Script {
  assertKind(STRING, body, "script()", "the body");
  return { kind: "script", body: body.startsWith("#!") ? body : `set -e\n${body}` };
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

  /** `RUN`: shell text (`"a && b"`), a program (`["bundle", "install"]`), or a {@link script}. */
  run(command: Runnable, options: RunOptions = {}): Stage {
    const call = callOf("run", this);
    assertKind(RUNNABLE, command, call, "the command");
    assertRunOptions(options, call);
    assertMounts(options.mounts ?? [], call);
    const mounts = (options.mounts ?? []).map(lowerMount);
    const uses = (options.mounts ?? []).flatMap((mount) => (mount.type === "bind" ? stagesIn(mount.from) : []));
    const { network, args = [] } = options;
    const base = { instruction: "RUN" as const, command: toCommand(command), mounts, args };
    return this.#add(network === undefined ? base : { ...base, network }, uses);
  }

  /** `COPY`; in a source `*` and `?` match, everything else is literal. */
  copy(sources: Text | readonly Text[], target: Text, options: CopyOptions = {}): Stage {
    const call = callOf("copy", this);
    assertKind(SOURCES, sources, call, "the sources");
    assertKind(WORD, target, call, "the target");
    assertCopyOptions(options, ["from", "chown", "chmod", "link"], call);
    const { from: source, ...rest } = options;
    const list = isWords(sources) ? sources : [sources];
    const lowered = source === undefined ? {} : { from: sourceName(source) };
    return this.#add({ instruction: "COPY", sources: list, target, ...lowered, ...rest }, stagesIn(source));
  }

  /** `COPY` of a body written out in the Dockerfile; nothing in it expands, and it ends with a line end. */
  write(path: string, body: string, options: Pick<CopyOptions, "chown" | "chmod"> = {}): Stage {
    const call = callOf("write", this);
    assertKind(WORDS, path, call, "the path");
    assertKind(STRING, body, call, "the body");
    assertCopyOptions(options, ["chown", "chmod"], call);
    return this.#add({ instruction: "WRITE", path, body, ...options });
  }

  /** `ENV` */
  env(pairs: Readonly<Record<string, Text>>): Stage {
    assertRecord(pairs, TEXT, callOf("env", this), "the pairs");
    return this.#add({ instruction: "ENV", pairs });
  }

  /** `LABEL` */
  label(pairs: Readonly<Record<string, Text>>): Stage {
    assertRecord(pairs, TEXT, callOf("label", this), "the pairs");
    return this.#add({ instruction: "LABEL", pairs });
  }

  /** `ARG` at this place; an argument that an instruction uses is declared without it. */
  arg(arg: BuildArg): Stage {
    assertKind(ARGUMENT, arg, callOf("arg", this), "the argument");
    return this.#add({ instruction: "ARG", arg });
  }

  /** `WORKDIR` */
  workdir(path: Text): Stage {
    assertKind(WORD, path, callOf("workdir", this), "the path");
    return this.#add({ instruction: "WORKDIR", value: path });
  }

  /** `USER`; numeric ids (`1000:1000`) work where the image has no such name. */
  user(user: Text): Stage {
    assertKind(WORD, user, callOf("user", this), "the user");
    return this.#add({ instruction: "USER", value: user });
  }

  /** `EXPOSE` */
  expose(...ports: readonly (number | string)[]): Stage {
    assertKind(listOf(PORT, 1), ports, callOf("expose", this), "the list of ports");
    return this.#add({ instruction: "EXPOSE", ports: ports.map(String) });
  }

  /** `STOPSIGNAL` */
  stopsignal(signal: string): Stage {
    assertKind(SIGNAL, signal, callOf("stopsignal", this), "the signal");
    return this.#add({ instruction: "STOPSIGNAL", value: signal });
  }

  /** `ENTRYPOINT`: a program's words, or shell text. */
  entrypoint(command: readonly string[] | Text): Stage {
    assertKind(START, command, callOf("entrypoint", this), "the command");
    return this.#add({ instruction: "ENTRYPOINT", command: toCommand(command) });
  }

  /** `CMD`: a program's words, or shell text. */
  cmd(command: readonly string[] | Text): Stage {
    assertKind(START, command, callOf("cmd", this), "the command");
    return this.#add({ instruction: "CMD", command: toCommand(command) });
  }

  /** A comment before the next instruction. */
  comment(text: string): Stage {
    assertKind(STRING, text, callOf("comment", this), "the text");
    return this.#add({ instruction: "COMMENT", text });
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

  #add(instruction: Instruction, uses: readonly Stage[] = []): Stage {
    return new Stage(this.name, this.base, [...this.steps, { instruction, uses }], this.about);
  }
}

/** A new stage on an image or on another stage: `stage("gems", from("ruby:3.3-slim")).workdir("/app")…`. */
export function stage(name: string, base: ImageBase | Stage | string): Stage {
  assertKind(STRING, name, "stage()", "the name");
  assertKind(BASE, base, `stage(${JSON.stringify(name)})`, "the base");
  return new Stage(name, typeof base === "string" ? from(base) : base, [], "");
}

function toCommand(command: Runnable): Command {
  if (isWords(command)) return { form: "exec", words: command };
  if (typeof command !== "string" && command.kind === "script") return { form: "script", body: command.body };
  return { form: "shell", text: command };
}

function isWords<Item>(value: Item | readonly Item[]): value is readonly Item[] {
  return Array.isArray(value);
}

function stagesIn(source: Source | undefined): readonly Stage[] {
  return source?.kind === "stage" ? [source] : [];
}

function lowerMount(mount: Mount<Source>): Mount {
  if (mount.type !== "bind") return mount;
  const { from: source, ...rest } = mount;
  return source === undefined ? rest : { ...rest, from: sourceName(source) };
}

function sourceName(source: Source): string {
  if (source.kind !== "image") return source.name;
  if (partsOf(source.image).every((part) => typeof part === "string")) return referenceText(source);
  throw new BaseImageError(
    "BASE_IMAGE_INVALID_VALUE",
    `--from=${referenceText(source)} holds a variable, which BuildKit does not expand there; expected a fixed reference`,
    { hint: "Make a stage from the image and copy from the stage." },
  );
}
