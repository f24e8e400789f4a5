import { ofText, takes, textOf, type FunctionTable } from "./function-table.ts";
import { matchesGlob } from "./glob.ts";

/** Sigil's functions of texts. */
export const TEXT_FUNCTIONS: FunctionTable = {
  lower: ofText("lower", (text) => text.toLowerCase()),
  upper: ofText("upper", (text) => text.toUpperCase()),
  capitalize: ofText("capitalize", (text) =>
    text.replaceAll(/(?<![\p{L}\p{N}_])\p{L}/gu, (letter) => letter.toUpperCase()),
  ),
  trim: ofText("trim", (text) => text.replace(/^[ \n]+/, "").replace(/(?<![ \n])[ \n]+$/, "")),
  replace: takes(3, ([from, to, text]) =>
    textOf("replace", text).replaceAll(textOf("replace", from), () => textOf("replace", to)),
  ),
  match: takes(2, ([pattern, text]) => matchesGlob(textOf("match", pattern), textOf("match", text))),
  indent: takes(2, ([indent, text]) => {
    const [first = "", ...lines] = textOf("indent", text).split("\n");
    return [first, ...lines.map((line) => (line === "" ? "" : textOf("indent", indent) + line))].join("\n");
  }),
};
