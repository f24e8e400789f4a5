import { array, constantFrom, nat, record, tuple, type Arbitrary } from "fast-check";

/** Pieces that mean something in some place of the language. */
export const PIECES: readonly string[] = [
  ...'\\ \\\n|\n|\n\n|\r\n|\t| |#|# escape=`\n|`|\\|"|\'|$|${|}|${A:-|${A#|${A/|/|:|=|,|[|]|["a"]|{|<<|<<-|<<E|\nE\n'.split(
    "|",
  ),
  ..."--|--from=|é|\u00A0|\uFEFF|FROM scratch\n|AS |RUN |RUN --mount=type=|cache,target=|ENV |LABEL |ARG |COPY |ADD ".split(
    "|",
  ),
  ..."EXPOSE |HEALTHCHECK |CMD |ONBUILD |SHELL |USER a\n".split("|"),
];

/** One change to a text: at a place, some characters go and a piece comes. */
const change = record({
  at: nat({ max: 4000 }),
  gone: nat({ max: 12 }),
  piece: constantFrom("", ...PIECES),
});

/** Files with one to four changes. */
export function mutated(files: readonly string[]): Arbitrary<string> {
  return tuple(constantFrom(...files), array(change, { minLength: 1, maxLength: 4 })).map(([file, changes]) =>
    changes.reduce((text, { at, gone, piece }) => {
      const start = at % (text.length + 1);
      return text.slice(0, start) + piece + text.slice(start + gone);
    }, file),
  );
}
