import { readFileSync } from "node:fs";

const SAMPLE_MS = 200;

/**
 * Watches how much memory a process has had at most, from `/proc`, as Node cannot ask for what a child has used.
 * @returns ends the watching; the result is megabytes, `undefined` when it ended before it was seen
 */
export function watchPeak(pid: number): () => number | undefined {
  let peak: number | undefined;
  const sample = (): void => {
    peak = peakOf(pid) ?? peak;
  };
  const timer = setInterval(sample, SAMPLE_MS);
  timer.unref();
  return () => {
    clearInterval(timer);
    return peak;
  };
}

/** VmHWM is the highest resident set so far: https://man7.org/linux/man-pages/man5/proc_pid_status.5.html */
function peakOf(pid: number): number | undefined {
  try {
    const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${String(pid)}/status`, "utf8")) ?? [];
    return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
  } catch {
    return undefined;
  }
}
