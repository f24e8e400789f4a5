/** How many uploads may run at once, and what was learnt about that. */
export interface Window {
  readonly size: number;
  /** Whether the endpoint has ever asked for less: until then the window opens fast. */
  readonly throttled: boolean;
  /** Uploads that have to end before the window closes further: those of one burst complain together. */
  readonly deaf: number;
}

/** What happens to an upload, as far as the window is concerned. */
export type WindowEvent = "success" | "throttled";

const NARROWEST = 1;

/** S3 takes 3,500 writes a second and prefix: https://docs.aws.amazon.com/AmazonS3/latest/userguide/optimizing-performance.html */
const WIDEST = 128;

/** The window that a run begins with. */
export const FIRST_WINDOW: Window = { size: 32, throttled: false, deaf: 0 };

/**
 * The window after an event. Pure. One wider for each success until the endpoint first asks for less, then one wider for
 * each whole window of successes; half as wide when it asks for less.
 */
export function nextWindow(window: Window, event: WindowEvent): Window {
  const { size, throttled, deaf } = window;
  if (event === "success") {
    const wider = size + (throttled ? 1 / size : 1);
    return { size: Math.min(WIDEST, wider), throttled, deaf: Math.max(0, deaf - 1) };
  }
  if (deaf > 0) return window;
  const narrower = Math.max(NARROWEST, Math.floor(size / 2));
  return { size: narrower, throttled: true, deaf: Math.floor(size) };
}
