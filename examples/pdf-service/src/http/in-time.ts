import { Refusal } from "../refusal.ts";

/** Works until a time has passed: what it hands its work is aborted then with a {@link Refusal}, or with the signal's reason before. */
export async function inTime<Value>(
  limitMs: number,
  signal: AbortSignal,
  work: (limit: AbortSignal) => Promise<Value>,
): Promise<Value> {
  const control = new AbortController();
  const timer = setTimeout(
    () => control.abort(new Refusal("PDF_TIMEOUT", `it took more than ${limitMs / 1000} s`)),
    limitMs,
  );
  try {
    return await work(AbortSignal.any([signal, control.signal]));
  } finally {
    clearTimeout(timer);
  }
}
