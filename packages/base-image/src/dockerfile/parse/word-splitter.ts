import type { Span } from "./parsed.ts";
import { isSpace } from "./space.ts";

/** A word and where it stands. */
export interface WordAt extends Span {
  readonly text: string;
}

/** Collects words: text that was quoted goes in whole, other text is split at blanks. */
export class WordSplitter {
  private readonly words: WordAt[] = [];
  private texts: string[] = [];
  private start = 0;
  private end = 0;

  add(text: string, start: number, end: number): void {
    if (text === "") return;
    if (this.texts.length === 0) this.start = start;
    this.texts.push(text);
    this.end = end;
  }

  /** `text` may be longer or shorter than the source it stands for; positions stay within that. */
  addSplit(text: string, source: Span): void {
    let from = 0;
    for (let at = 0; at <= text.length; at += 1) {
      if (at < text.length && !isSpace(text.charCodeAt(at))) continue;
      const start = Math.min(source.start + from, source.end);
      this.add(text.slice(from, at), start, Math.min(source.start + at, source.end));
      if (at < text.length) this.close();
      from = at + 1;
    }
  }

  finish(): readonly WordAt[] {
    this.close();
    return this.words;
  }

  private close(): void {
    if (this.texts.length === 0) return;
    this.words.push({ text: this.texts.join(""), start: this.start, end: this.end });
    this.texts = [];
  }
}
