import type { SignalDesk } from "../process/signal-desk.ts";

/** What an entrykit command works with. */
export interface EntrykitContext {
  /** The arguments, without the program's own name. */
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly desk: SignalDesk;
  /** A soft limit of open files that still has to be set on the way to the program. */
  readonly softLimit?: string | undefined;
  /** A task that fails gives its own exit code instead of 1. */
  readonly taskExitCode?: boolean;
  readonly warn: (message: string) => void;
  /** Goes on in this process, when the file of the program that follows is this program; else `undefined`. */
  readonly chain?: (file: string, command: readonly string[], context: EntrykitContext) => Promise<number> | undefined;
}
