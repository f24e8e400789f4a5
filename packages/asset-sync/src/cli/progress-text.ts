import { bytesText } from "./event-lines.ts";

/** How far the sending has come. */
export interface Progress {
  readonly files: number;
  readonly allFiles: number;
  readonly bytes: number;
  readonly allBytes: number;
  /** Seconds since the first file was begun. */
  readonly seconds: number;
}

/** Before this much time a rate is only noise. */
const RATE_AFTER_SECONDS = 0.5;

/**
 * How far the sending has come, in one line of at most `columns` characters: what matters least is left out first.
 *
 * @returns `sent      1200 of 4000 files, 34.1 MB of 112.0 MB, 2.3 MB/s`
 */
export function progressText(progress: Progress, columns: number = Infinity): string {
  const { files, allFiles, bytes, allBytes, seconds } = progress;
  const counted = `${files} of ${allFiles} file${allFiles === 1 ? "" : "s"}`;
  const sizes = `${bytesText(bytes)} of ${bytesText(allBytes)}`;
  const rate = seconds < RATE_AFTER_SECONDS ? "" : `, ${bytesText(Math.round(bytes / seconds))}/s`;
  const texts = [`sent      ${counted}, ${sizes}${rate}`, `sent      ${counted}, ${sizes}`, `sent      ${counted}`];
  return texts.find((text) => text.length <= columns) ?? `${files}/${allFiles}`.slice(0, Math.max(0, columns));
}
