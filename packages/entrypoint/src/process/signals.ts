/** What a signal does to a start. */
export interface SignalRow {
  readonly signal: NodeJS.Signals;
  readonly number: number;
  /** `stop`: the start ends with 128 + number once the running task has ended; `pass`: only the running task is told. */
  readonly effect: "stop" | "pass";
  /** Beside several programs: `stop`: all of them are stopped; `pass`: they are told. */
  readonly supervised: "stop" | "pass";
}

/**
 * Signals a start listens for, with their Linux numbers; each goes to the whole group of the running task.
 * Those not listed keep the kernel's default: CHLD is not the task's business, TSTP, TTIN, TTOU and CONT are the
 * terminal's job control, and the faults (SEGV, BUS, ILL, FPE, ABRT, TRAP, SYS) are about this process.
 */
export const SIGNALS: readonly SignalRow[] = [
  { signal: "SIGHUP", number: 1, effect: "stop", supervised: "pass" },
  { signal: "SIGINT", number: 2, effect: "stop", supervised: "stop" },
  { signal: "SIGQUIT", number: 3, effect: "stop", supervised: "pass" },
  { signal: "SIGUSR1", number: 10, effect: "pass", supervised: "pass" },
  { signal: "SIGUSR2", number: 12, effect: "pass", supervised: "pass" },
  { signal: "SIGALRM", number: 14, effect: "pass", supervised: "pass" },
  { signal: "SIGTERM", number: 15, effect: "stop", supervised: "stop" },
  { signal: "SIGSTKFLT", number: 16, effect: "pass", supervised: "pass" },
  { signal: "SIGURG", number: 23, effect: "pass", supervised: "pass" },
  { signal: "SIGVTALRM", number: 26, effect: "pass", supervised: "pass" },
  { signal: "SIGPROF", number: 27, effect: "pass", supervised: "pass" },
  { signal: "SIGWINCH", number: 28, effect: "pass", supervised: "pass" },
  { signal: "SIGIO", number: 29, effect: "pass", supervised: "pass" },
  { signal: "SIGPWR", number: 30, effect: "pass", supervised: "pass" },
];

/** Signals that Node ignores and `execve` would pass on ignored: a listener turns them into the default. */
export const IGNORED_BY_NODE: readonly NodeJS.Signals[] = ["SIGPIPE", "SIGXFSZ"];

/**
 * Signals that only a supervised program is told: to a terminal's user they mean this process, but Puma adds and removes
 * workers at TTIN and TTOU. In their own sessions programs without a handler for them are not stopped by them.
 */
export const JOB_CONTROL: readonly NodeJS.Signals[] = ["SIGCONT", "SIGTSTP", "SIGTTIN", "SIGTTOU"];
