import { BaseImageError } from "../errors.ts";
import { heredoc } from "../dockerfile/heredoc.ts";
import type { AddInstruction, CopyFields, CopyInstruction, Heredoc } from "../dockerfile/instruction.ts";
import { bareVariable } from "../dockerfile/shell-text.ts";
import { argsOf, partsOf, TEXT, WORD, type BuildArg, type Text } from "../dockerfile/text.ts";
import {
  assertKind,
  assertShape,
  BOOLEAN,
  either,
  listOf,
  matching,
  optional,
  WORDS,
  type ShapeKinds,
  type ValueKind,
} from "../dockerfile/value-kind.ts";
import { SOURCE, SOURCES } from "./check-call.ts";
import { isWords } from "./run-step.ts";
import { isRemote, outsideOf, sourceName, stagesIn, type Source } from "./source.ts";
import type { Step } from "./stage.ts";

/** Options of every copy. */
export interface WriteOptions {
  /** `user:group`, by name or number. */
  readonly chown?: Text;
  /** In octal (`"0644"`), or in letters (`"u+x"`) for frontends that read them. */
  readonly chmod?: Text;
  /** A layer of its own, which stays as it is when those before it change. */
  readonly link?: boolean;
}

/** Options of `Stage.copy`. */
export interface CopyOptions extends WriteOptions {
  readonly from?: Source;
  /** Keeps the folders above each source; a part `./` says from where on. */
  readonly parents?: boolean;
  /** Patterns, as in .dockerignore, of what not to copy. */
  readonly exclude?: readonly string[];
}

/** Options of `Stage.add`. */
export interface AddOptions extends WriteOptions {
  /** Of what is downloaded: `sha256:…`. */
  readonly checksum?: Text;
  /** Keeps the folder `.git` of a repository. */
  readonly keepGitDir?: boolean;
  /** Whether archives are unpacked; absent, local ones are and downloaded ones are not. */
  readonly unpack?: boolean;
  readonly exclude?: readonly string[];
}

/** In octal to 7777, or changes in letters as `chmod` takes them. */
const MODE_WORDS = matching(
  /^(?:0*[0-7]{1,4}|[ugoa]*(?:[-+=][rwxXst]*)+(?:,[ugoa]*(?:[-+=][rwxXst]*)+)*)$/,
  'a mode as a string, as "0644" or "u+x"',
);
const OWNER: ShapeKinds = {
  chown: optional(WORD),
  chmod: optional({
    expected: `${MODE_WORDS.expected}, or a variable`,
    holds: (value) => (typeof value === "string" ? MODE_WORDS.holds(value) : WORD.holds(value)),
  }),
  link: optional(BOOLEAN),
};
const EXCLUDE: ShapeKinds = { exclude: optional(listOf(WORDS)) };
const COPY: ShapeKinds = { from: optional(SOURCE), ...OWNER, parents: optional(BOOLEAN), ...EXCLUDE };
const ADD: ShapeKinds = {
  checksum: optional(
    either(matching(/^sha256:[0-9a-f]{64}$/, "a digest: sha256: and 64 hexadecimal digits"), variableText()),
  ),
  keepGitDir: optional(BOOLEAN),
  unpack: optional(BOOLEAN),
  ...OWNER,
  ...EXCLUDE,
};

/** `COPY` */
export function copyStep(sources: Text | readonly Text[], target: Text, options: CopyOptions, call: string): Step {
  assertShape(options, COPY, call, "the options");
  const list = isWords(sources) ? sources : [sources];
  const url = list.find((each) => typeof each === "string" && /^https?:\/\//.test(each));
  if (url !== undefined) {
    throw new BaseImageError(
      "BASE_IMAGE_INVALID_VALUE",
      `${call}: a source is ${JSON.stringify(url)}; expected paths, as COPY downloads nothing`,
      { hint: "Use .add(), with a checksum." },
    );
  }
  const { from: source, exclude, ...rest } = options;
  const instruction: CopyInstruction = {
    instruction: "COPY",
    ...paths(sources, target, call),
    ...(source === undefined ? {} : { from: sourceName(source) }),
    ...rest,
    ...(exclude === undefined ? {} : { exclude: [...exclude] }),
  };
  return { instruction, uses: stagesIn(source), args: [], outside: outsideOf(source) };
}

/** `ADD` */
export function addStep(sources: Text | readonly Text[], target: Text, options: AddOptions, call: string): Step {
  assertShape(options, ADD, call, "the options");
  const list = isWords(sources) ? sources : [sources];
  if (options.checksum !== undefined && list.some((source) => !isRemote(source))) {
    throw new BaseImageError(
      "BASE_IMAGE_INVALID_VALUE",
      `${call}: a checksum is given for ${JSON.stringify(sources)}; expected sources that are downloaded`,
    );
  }
  const { exclude, ...rest } = options;
  const instruction: AddInstruction = {
    instruction: "ADD",
    ...paths(sources, target, call),
    ...rest,
    ...(exclude === undefined ? {} : { exclude: [...exclude] }),
  };
  return { instruction, uses: [], args: [] };
}

/** `COPY` of a body. */
export function writeStep(path: Text, body: Text, options: WriteOptions, call: string): Step {
  assertKind(WORD, path, call, "the path");
  assertKind(TEXT, body, call, "the body");
  assertShape(options, OWNER, call, "the options");
  const last = partsOf(path).at(-1);
  if (typeof last === "string" && last.endsWith("/")) {
    throw new BaseImageError(
      "BASE_IMAGE_INVALID_VALUE",
      `${call}: the path is ${JSON.stringify(path)}; expected the path of a file`,
    );
  }
  const files = [bodyOf(body, `the body of ${last === undefined || typeof last !== "string" ? "a file" : last}`)];
  const args: readonly BuildArg[] = argsOf(body);
  return {
    instruction: { instruction: "COPY", sources: [], files, target: anchored(path), ...options },
    uses: [],
    args,
  };
}

/** Literal text stands under a quoted delimiter; where variables expand, BuildKit takes backslashes off. */
function bodyOf(body: Text, place: string): Heredoc {
  if (typeof body === "string") return heredoc(body, place);
  const text = partsOf(body)
    .map((part) => {
      if (typeof part === "string") return part.replaceAll(/[\\$]/g, String.raw`\$&`);
      return bareVariable(part, place);
    })
    .join("");
  return { ...heredoc(text, place), expand: true };
}

function paths(sources: Text | readonly Text[], target: Text, call: string): Pick<CopyFields, "sources" | "target"> {
  assertKind(SOURCES, sources, call, "the sources");
  assertKind(WORD, target, call, "the target");
  const list = isWords(sources) ? sources : [sources];
  return { sources: list.map((source) => anchored(matchedLiterally(source))), target: anchored(target) };
}

/**
 * `*` and `?` in a source match, which is nothing that a URL has; a bracket is a bracket, as in `app/[id]/page.tsx`. Go's matcher reads a backslash as an
 * escape only when the path has something to match.
 * @see https://pkg.go.dev/path/filepath#Match
 */
function matchedLiterally(source: Text): Text {
  const parts = partsOf(source);
  const [start] = parts;
  if (typeof start === "string" && isRemote(start)) return source;
  const matches = parts.some((part) => typeof part === "string" && /[*?[]/.test(part));
  if (!matches) return source;
  const escaped = parts.map((part) =>
    typeof part === "string" ? part.replaceAll(/[\\[]/g, (char) => (char === "[" ? "[[]" : "\\\\")) : part,
  );
  return { kind: "expandable", parts: escaped };
}

/** A first character that would make a path a heredoc or a flag is moved off the front. */
function anchored(path: Text): Text {
  const parts = partsOf(path);
  // a variable ends what is known of the beginning, and begins none of these itself
  const start = parts.map((part) => (typeof part === "string" ? part : " ")).join("");
  if (!/^(?:\d*<<|--)/.test(start)) return path;
  return { kind: "expandable", parts: ["./", ...parts] };
}

function variableText(): ValueKind {
  return { expected: "a variable", holds: (value) => typeof value !== "string" && WORD.holds(value) };
}
