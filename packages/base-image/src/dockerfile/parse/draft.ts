import type { Text } from "../text.ts";
import { shown, type FaultSink } from "./fault.ts";
import type { GrammarCode } from "./grammar.ts";
import { placeOf, type LinePiece, type ParsedHeredoc, type ParsedWord, type Span } from "./parsed.ts";
import type { SplitLine } from "./split-line.ts";
import { textOf } from "./word-part.ts";
import { readWord } from "./word-reader.ts";

const NONE: readonly never[] = [];

/** An instruction on its way: split into words, with its heredocs, not yet understood. */
export class Draft {
  /** The instruction's name in capitals. */
  readonly name: string;
  readonly text: string;
  readonly pieces: readonly LinePiece[];
  readonly split: SplitLine;
  readonly escape: string;
  words: readonly ParsedWord[] = NONE;
  json = false;
  heredocs: readonly ParsedHeredoc[] = NONE;
  /** The instruction after `ONBUILD`. */
  trigger: Draft | undefined;
  private readonly faults: FaultSink;

  constructor(
    { text, pieces }: { readonly text: string; readonly pieces: readonly LinePiece[] },
    split: SplitLine,
    context: { readonly escape: string; readonly faults: FaultSink },
  ) {
    this.text = text;
    this.pieces = pieces;
    this.split = split;
    this.name = split.keyword.toUpperCase();
    this.escape = context.escape;
    this.faults = context.faults;
  }

  /** Says what is wrong with a stretch of the instruction; its name when none is given. Returns nothing. */
  fault(code: GrammarCode, message: string, span: Span = this.split.keywordSpan, hint?: string): undefined {
    return this.faults.at(placeOf(this, span), code, message, hint);
  }

  /** Says what is wrong at `offset` of a heredoc's body. Returns nothing. */
  bodyFault(code: GrammarCode, message: string, { body, line }: ParsedHeredoc, offset: number): undefined {
    const before = body.slice(0, offset);
    const place = { line: line + before.split("\n").length - 1, column: offset - before.lastIndexOf("\n") };
    return this.faults.at(place, code, message);
  }

  /** A word in which variables expand; nothing, and a fault, where BuildKit could not expand it. */
  expandable(word: ParsedWord): Text | undefined {
    return this.expandableText(word.text, word);
  }

  /** {@link expandable} for a part of what stands there. */
  expandableText(text: string, word: Span): Text | undefined {
    if (!this.hasSpecial(text)) return text;
    const result = readWord(text, { escape: this.escape });
    if ("parts" in result) return textOf(result.parts);
    const { code, reason, start } = result.fault;
    const exact = this.text.startsWith(text, word.start);
    const span = exact ? { start: word.start + start, end: word.end } : word;
    return this.fault(code, `failed to process ${shown(text)}: ${reason}`, span);
  }

  /** {@link expandable} for several words; nothing when one of them is wrong. */
  expandables(words: readonly ParsedWord[]): readonly Text[] | undefined {
    const texts = words.map((word) => this.expandable(word));
    return texts.every((text) => text !== undefined) ? texts : undefined;
  }

  private hasSpecial(text: string): boolean {
    for (let at = 0; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      if (code === 0x24 || code === 0x22 || code === 0x27 || code === 0x5c || code === 0x60 || code === 0xfeff)
        return true;
    }
    return false;
  }
}

/** A value while it is put together. */
export type Mutable<Value> = { -readonly [Key in keyof Value]: Value[Key] };
