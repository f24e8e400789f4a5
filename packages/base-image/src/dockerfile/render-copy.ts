import { BaseImageError } from "../errors.ts";
import { flag, wordFlag } from "./flag.ts";
import { heredocLines, heredocMarker } from "./heredoc.ts";
import type { AddInstruction, CopyInstruction } from "./instruction.ts";
import { isPlainWord, jsonWord, word } from "./word.ts";

/**
 * `COPY` and `ADD`: plain words where they are harmless, else JSON, whose elements are escaped for the word lexer first.
 * BuildKit looks for bodies only where the words are not JSON.
 */
export function renderCopy(copy: CopyInstruction | AddInstruction): string {
  const { instruction, sources, target, files = [] } = copy;
  const place = `a path of ${instruction}`;
  const words = [...sources, target].map((path) => word(path, place));
  const head = [instruction, ...copyFlags(copy)].join(" ");
  const plain = words.every((path) => isPlainWord(path) && path !== "");
  if (plain) {
    const list = [...words.slice(0, -1), ...files.map(heredocMarker), ...words.slice(-1)];
    return `${head} ${list.join(" ")}\n${files.map(heredocLines).join("")}`;
  }
  if (files.length > 0) {
    throw new BaseImageError(
      "BASE_IMAGE_INVALID_VALUE",
      `${place} is ${words.join(" ")}; beside a written body expected paths without blanks or quotes`,
    );
  }
  return `${head} [${[...sources, target].map((path) => jsonWord(path, place)).join(", ")}]\n`;
}

function copyFlags(copy: CopyInstruction | AddInstruction): readonly string[] {
  const { chown, chmod, link, exclude = [] } = copy;
  const own = copy.instruction === "COPY" ? copyOnly(copy) : addOnly(copy);
  return [
    ...own,
    ...(chown === undefined ? [] : [wordFlag("chown", chown)]),
    ...(chmod === undefined ? [] : [wordFlag("chmod", chmod)]),
    ...(link === true ? ["--link"] : []),
    ...exclude.map((pattern) => flag("exclude", pattern)),
  ];
}

function copyOnly({ from, parents }: CopyInstruction): readonly string[] {
  return [...(from === undefined ? [] : [flag("from", from)]), ...(parents === true ? ["--parents"] : [])];
}

function addOnly({ checksum, keepGitDir, unpack }: AddInstruction): readonly string[] {
  return [
    ...(checksum === undefined ? [] : [wordFlag("checksum", checksum)]),
    ...(keepGitDir === true ? ["--keep-git-dir"] : []),
    ...(unpack === undefined ? [] : [unpack ? "--unpack" : "--unpack=false"]),
  ];
}
