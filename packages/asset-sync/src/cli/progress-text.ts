import { bytesText } from "../amounts.ts";

/** How far the sending has come. */
export interface Progress {
  readonly files: number;
  readonly allFiles: number;
  readonly bytes: number;
  readonly allBytes: number;
  /** Seconds since the first file was begun. */
  readonly seconds: number;
}

/** Before this much time a rate is only noise, and what is left a guess. */
const RATE_AFTER_SECONDS = 0.5;
const LEFT_AFTER_SECONDS = 2;

const NARROWEST_BAR = 10;
const WIDEST_BAR = 30;

/**
 * How far the sending has come, in one line of at most `columns` characters: what matters least is left out first. The
 * bar takes what room is left; where there is no end of it, as in a log, there is none.
 *
 * @returns `sent      [#########---------------------] 1200 of 4000 files, 34.1 MB of 112.0 MB, 2.3 MB/s, 35 s left`
 */
export function progressText(progress: Progress, columns: number = Infinity): string {
  const { files, allFiles, bytes, allBytes, seconds } = progress;
  const counted = `${files} of ${allFiles} file${allFiles === 1 ? "" : "s"}`;
  const sizes = `${counted}, ${bytesText(bytes)} of ${bytesText(allBytes)}`;
  const rate = seconds < RATE_AFTER_SECONDS ? sizes : `${sizes}, ${bytesText(Math.round(bytes / seconds))}/s`;
  const texts = [`${rate}${leftText(progress)}`, rate, sizes, counted];
  const text = texts.map((one) => `${LABEL}${one}`).find((one) => one.length <= columns);
  if (text === undefined) return `${files}/${allFiles}`.slice(0, Math.max(0, columns));
  const room = Math.min(WIDEST_BAR, columns - text.length - "[] ".length);
  if (columns === Infinity || room < NARROWEST_BAR) return text;
  return `${LABEL}${bar(fraction(progress), room)} ${text.slice(LABEL.length)}`;
}

const LABEL = "sent      ";

/** Of many small files the number tells how long it takes, of few large ones the bytes: halfway between both. */
function fraction({ files, allFiles, bytes, allBytes }: Progress): number {
  const [ofFiles, ofBytes] = [files / Math.max(1, allFiles), allBytes === 0 ? 1 : bytes / allBytes];
  return Math.min(1, Math.max(0, (ofFiles + ofBytes) / 2));
}

function bar(done: number, width: number): string {
  const filled = Math.floor(done * width);
  return `[${"#".repeat(filled)}${"-".repeat(width - filled)}]`;
}

function leftText(progress: Progress): string {
  const done = fraction(progress);
  if (progress.seconds < LEFT_AFTER_SECONDS || done === 0 || done === 1) return "";
  return `, ${durationText((progress.seconds * (1 - done)) / done)} left`;
}

/** `35 s`, `12 min`, `3 h`: no more exact than a guess is. */
function durationText(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}
