import { splitAtBlanks, splitQuoted } from "./argument-words.ts";
import type { Draft } from "./draft.ts";
import { readJsonForm } from "./json-form.ts";
import type { ParsedWord, Span } from "./parsed.ts";
import { isSpace } from "./space.ts";

/** How the arguments of an instruction fall into words. */
type Form = "json-or-text" | "json-or-words" | "quoted-words" | "words" | "text" | "check";

/** The form of each instruction's arguments; where an instruction is not here, there is no such instruction. */
export const FORMS: ReadonlyMap<string, Form | "trigger"> = new Map([
  ["ADD", "json-or-words"],
  ["ARG", "quoted-words"],
  ["CMD", "json-or-text"],
  ["COPY", "json-or-words"],
  ["ENTRYPOINT", "json-or-text"],
  ["ENV", "quoted-words"],
  ["EXPOSE", "words"],
  ["FROM", "words"],
  ["HEALTHCHECK", "check"],
  ["LABEL", "quoted-words"],
  ["MAINTAINER", "text"],
  ["ONBUILD", "trigger"],
  ["RUN", "json-or-text"],
  ["SHELL", "json-or-text"],
  ["STOPSIGNAL", "text"],
  ["USER", "text"],
  ["VOLUME", "json-or-words"],
  ["WORKDIR", "text"],
]);

/** Splits the arguments into words; false, and a fault, where they are JSON but not strings. */
export function splitWords(draft: Draft, form: Form): boolean {
  const { args } = draft.split;
  if (form === "check") return splitCheck(draft, args);
  if (form.startsWith("json")) return splitJson(draft, args, form === "json-or-words");
  if (form === "quoted-words") draft.words = splitQuoted(draft.text, args, draft.escape);
  else draft.words = form === "words" ? splitAtBlanks(draft.text, args) : whole(draft, args);
  return true;
}

function splitJson(draft: Draft, span: Span, intoWords: boolean): boolean {
  const words = readJsonForm(draft.text, span);
  if (words === "not-strings") {
    draft.fault("json-strings", "when using JSON array syntax, arrays must be comprised of strings only", span);
    return false;
  }
  draft.json = words !== undefined;
  draft.words = words ?? (intoWords ? splitAtBlanks(draft.text, span) : whole(draft, span));
  return true;
}

/** The first word of a HEALTHCHECK says what the rest is. */
function splitCheck(draft: Draft, span: Span): boolean {
  let at = span.start;
  while (at < span.end && !isSpace(draft.text.charCodeAt(at))) at += 1;
  const type = whole(draft, { start: span.start, end: at });
  while (at < span.end && isSpace(draft.text.charCodeAt(at))) at += 1;
  if (!splitJson(draft, { start: at, end: span.end }, false)) return false;
  draft.words = [...type, ...draft.words];
  return true;
}

function whole(draft: Draft, { start, end }: Span): readonly ParsedWord[] {
  return start === end ? [] : [{ text: draft.text.slice(start, end), start, end }];
}
