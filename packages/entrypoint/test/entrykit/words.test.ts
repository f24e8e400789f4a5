import { expect, it } from "vitest";

import { splitWords } from "../../src/entrykit/words.ts";

it.each([
  ["echo a  b\tc", ["echo", "a", "b", "c"]],
  [`show "a b" p"x y"q`, ["show", "a b", "p", "x y", "q"]],
  [`--opt="c d"`, ["--opt=", "c d"]],
  ["it's", ["it", "s"]],
  [`sh -c 'exit 7'`, ["sh", "-c", "exit 7"]],
  [`show ""`, ["show", ""]],
  ["show rm tmp/*", ["show", "rm", "tmp/*"]],
  ["a\\ b", ["a\\", "b"]],
  ["   ", []],
])("splits %j", (task, words) => {
  expect(splitWords(task)).toEqual(words);
});
