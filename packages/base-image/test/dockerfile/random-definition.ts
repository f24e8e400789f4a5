import {
  array,
  boolean,
  constant,
  constantFrom,
  integer,
  oneof,
  option,
  record,
  string,
  tuple,
  uniqueArray,
  type Arbitrary,
} from "fast-check";

import type { Mount } from "../../src/dockerfile/mount.ts";
import { OPERATORS, arg, expand, modify, partsOf, variable, type Piece, type Text } from "../../src/dockerfile/text.ts";
import { isBaseImageError } from "../../src/errors.ts";
import { from } from "../../src/stage/base.ts";
import type { CopyOptions } from "../../src/stage/copy-step.ts";
import { defineImage, type ImageDefinition } from "../../src/stage/image.ts";
import { bind, cache, secret, ssh, tmpfs } from "../../src/stage/mount.ts";
import { script } from "../../src/stage/run-step.ts";
import type { Source } from "../../src/stage/source.ts";
import { stage, type Stage } from "../../src/stage/stage.ts";

/** What Dockerfiles, shells and JSON each read in a way of their own. */
const NASTY = [
  ...Array.from("ab \t\"'\\$`#[]{}<>()=,:;&|!*?~^%@+-/.0_"),
  "<<",
  "<<EOF",
  "${",
  "$$",
  "\\\\",
  "&&",
  "--",
  "é",
  "漢",
  "😀",
  "\u00A0",
  "\u0085",
  "\u2028",
  "\uFEFF",
  "EOF",
  " && ",
  " \\",
];

/** Text of one line, most of it special characters. */
const line: Arbitrary<string> = string({ unit: constantFrom(...NASTY), maxLength: 12 });
const ascii: Arbitrary<string> = string({
  unit: constantFrom(...NASTY.filter((unit) => /^[ -~]+$/.test(unit))),
  minLength: 1,
  maxLength: 8,
});
const lines: Arbitrary<string> = array(line, { maxLength: 5 }).map((each) => each.join("\n"));
const name: Arbitrary<string> = constantFrom("A", "B_1", "HOME", "path");
const plain: Arbitrary<string> = constantFrom("a", "b/c", "/d", "e.f", "x*", "y?z");

/** A literal, a variable, or both in one word. */
function textOf(literal: Arbitrary<string>): Arbitrary<Text> {
  const piece: Arbitrary<Piece> = oneof(
    { weight: 2, arbitrary: literal },
    { weight: 1, arbitrary: name.map((each) => variable(each)) },
    { weight: 1, arbitrary: name.map((each) => arg(each)) },
    {
      weight: 1,
      arbitrary: tuple(name, constantFrom(...OPERATORS), modifierText, modifierText).map(
        ([each, operator, inner, other]) =>
          accepted(() => modify(variable(each), operator, inner, operator.startsWith("/") ? other : undefined)) ??
          variable(each),
      ),
    },
  );
  return oneof(
    literal,
    tuple(piece, piece, piece).map(([a, b, c]) => expand`${a}${b}${c}`),
  );
}

/** A word of a modifier; a pattern's backslashes must escape something that a pattern can have. */
const modifierText: Arbitrary<Text> = oneof(
  string({ unit: constantFrom(...Array.from("ab \"'$`[]{}()=,:;&|!*?-/.é")), maxLength: 6 }),
  name.map((each) => expand`x${variable(each)}`),
);

const word: Arbitrary<Text> = textOf(line).filter((text) => text !== "");
const flagWord: Arbitrary<Text> = textOf(ascii);
const noNul: Arbitrary<string> = string({
  unit: constantFrom(...NASTY, "\n", "\r", "\u0001", "\u007F"),
  maxLength: 10,
});

/** One call on a stage; what the builder refuses leaves the stage as it was. */
type Call = (so: Stage, earlier: readonly Stage[]) => Stage;

const mount: Arbitrary<(source: Source | undefined) => Mount<Source>> = oneof(
  record({ target: flagWord, id: option(flagWord), uid: option(integer({ min: 0, max: 9 })) }).map(
    ({ target, id, uid }) =>
      () =>
        cache(target, {
          ...(id === null ? {} : { id }),
          ...(uid === null ? {} : { uid, mode: "0700" }),
          sharing: "locked",
        }),
  ),
  record({ target: flagWord, source: option(flagWord), writable: boolean() }).map(
    ({ target, source, writable }) =>
      (other: Source | undefined) =>
        bind(target, { ...(source === null ? {} : { source }), ...(other && { from: other }), writable }),
  ),
  tuple(ascii, flagWord, boolean()).map(
    ([id, target, required]) =>
      () =>
        secret(id.replaceAll(/[\s,="]/g, "_"), { target, required }),
  ),
  flagWord.map((target) => () => tmpfs(target, { size: "64m" })),
  constant(() => ssh()),
);

const copyOptions: Arbitrary<Omit<CopyOptions, "from">> = record(
  {
    chown: flagWord,
    chmod: constantFrom("0644", "u+x"),
    link: boolean(),
    parents: boolean(),
    exclude: array(ascii, { minLength: 1, maxLength: 2 }),
  },
  { requiredKeys: [] },
);

const call: Arbitrary<Call> = oneof(
  line.map(
    (text): Call =>
      (so) =>
        so.run(text),
  ),
  lines.map(
    (body): Call =>
      (so) =>
        so.run(script(body)),
  ),
  tuple(array(noNul, { minLength: 1, maxLength: 4 }), array(mount, { maxLength: 3 })).map(
    ([words, mounts]): Call =>
      (so, [first]) =>
        so.run(words, { mounts: mounts.map((make) => make(first)), network: "none" }),
  ),
  tuple(line, array(mount, { minLength: 1, maxLength: 2 })).map(
    ([text, mounts]): Call =>
      (so, [first]) =>
        so.run(`make ${text}`, {
          mounts: mounts.map((make) => make(first)),
          devices: ["a.com/b=c"],
          args: [arg("V", "1")],
        }),
  ),
  tuple(array(oneof(word, plain), { minLength: 1, maxLength: 3 }), word, copyOptions).map(
    ([sources, target, options]): Call =>
      (so, [first]) =>
        so.copy(sources, folder(target), { ...options, ...(first && { from: first }) }),
  ),
  tuple(word, word, boolean()).map(
    ([source, target, unpack]): Call =>
      (so) =>
        so
          .add(source, target, { unpack })
          .add("https://example.com/a.git", target, { keepGitDir: unpack, checksum: `sha256:${"a".repeat(64)}` }),
  ),
  tuple(textOf(lines), constantFrom("/a", "b", "/c-d.e")).map(
    ([body, path]): Call =>
      (so) =>
        so.write(path, body, { chmod: "0755" }),
  ),
  tuple(uniqueArray(name, { minLength: 1 }), textOf(line), textOf(line)).map(
    ([names, one, other]): Call =>
      (so) =>
        so.env(Object.fromEntries(names.map((each, index) => [each, index === 0 ? one : other]))),
  ),
  textOf(line).map(
    (text): Call =>
      (so) =>
        so.label({ "org.x/y-z": text, b: "" }),
  ),
  tuple(name, line).map(
    ([each, value]): Call =>
      (so) =>
        so.arg(arg(each, value)),
  ),
  word.map(
    (text): Call =>
      (so) =>
        so.workdir(text),
  ),
  word.map(
    (text): Call =>
      (so) =>
        so.user(text),
  ),
  array(word, { minLength: 1, maxLength: 3 }).map(
    (paths): Call =>
      (so) =>
        so.volume(...paths),
  ),
  name.map(
    (each): Call =>
      (so) =>
        so.expose(3000, "53/udp", arg(each)),
  ),
  constant<Call>((so) => so.stopsignal("SIGRTMIN+3").shell(["/bin/bash", "-o", "pipefail", "-c"])),
  array(noNul, { maxLength: 4 }).map(
    (words): Call =>
      (so) =>
        so.cmd(words),
  ),
  line.map(
    (text): Call =>
      (so) =>
        so.entrypoint(text),
  ),
  tuple(oneof(line, array(noNul, { minLength: 1 })), integer({ min: 1, max: 9 })).map(
    ([check, retries]): Call =>
      (so) =>
        so.healthcheck(check, { interval: "1m30s", timeout: "500ms", startInterval: "2s", retries }),
  ),
  lines.map(
    (text): Call =>
      (so) =>
        so.comment(text),
  ),
  tuple(lines, word).map(
    ([body, path]): Call =>
      (so) =>
        so.onbuild((on) => on.run(script(body)).copy(path, "/x").env({ A: "1" })),
  ),
);

/** A definition of one to three stages, each on an image or on an earlier one; all of them are variants. */
export const definitions: Arbitrary<ImageDefinition> = array(
  record({ onEarlier: boolean(), about: option(line), calls: array(call, { maxLength: 4 }) }),
  { minLength: 1, maxLength: 3 },
).map((stages) => {
  const made: Stage[] = [];
  for (const [index, { onEarlier, about, calls }] of stages.entries()) {
    const earlier = made.at(-1);
    const image = from(expand`debian:${arg("TAG", "13")}`, { platform: variable("BUILDPLATFORM") });
    const begun = stage(`s${index}`, onEarlier && earlier !== undefined ? earlier : image);
    const described = about === null ? begun : begun.describe(about);
    made.push(calls.reduce((so, one) => accepted(() => one(so, made)) ?? so, described));
  }
  return defineImage({ name: "random", stages: made, variants: Object.fromEntries(made.map((so) => [so.name, so])) });
});

function folder(path: Text): Text {
  return { kind: "expandable", parts: [...partsOf(path), "/"] };
}

/** What the builder makes; nothing where it refuses. */
function accepted<Value>(make: () => Value): Value | undefined {
  try {
    return make();
  } catch (error) {
    if (isBaseImageError(error)) return undefined;
    throw error;
  }
}
