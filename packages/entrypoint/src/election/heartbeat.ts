import { messageOf } from "../errors.ts";
import { now } from "../process/clock.ts";
import type { LeaseTimes } from "./lease.ts";
import { ElectionLost, type ElectionStore } from "./store.ts";

/**
 * Beats until it is ended, and calls back once when the lock has to be taken for lost: the back end says so, its
 * connection broke, or no heartbeat was answered in time. The time runs from the moment a beat that was answered was sent,
 * by a clock that nobody sets; `heardAt` is when the first was.
 * @returns how to end it
 */
export function startHeartbeat(
  store: ElectionStore,
  { beatMs, lostMs, heardAt }: LeaseTimes & { readonly heardAt: number },
  onLost: (reason: string) => void,
): () => void {
  // Only a loss cuts off the beat that is on its way: the verdict goes by the same connection.
  const lost = new AbortController();
  let ended = false;
  const lose = (reason: string): void => {
    if (ended) return;
    end();
    lost.abort(new ElectionLost(reason));
    onLost(reason);
  };
  const late = `no heartbeat was answered in ${String(lostMs / 1000)} s`;
  let overdue = setTimeout(() => lose(late), lostMs - (now() - heardAt));
  let asking = false;
  const beat = async (): Promise<void> => {
    const sent = now();
    try {
      await store.beat(lost.signal);
      clearTimeout(overdue);
      if (!ended) overdue = setTimeout(() => lose(late), lostMs - (now() - sent));
    } catch (error) {
      lose(messageOf(error));
    }
  };
  const timer = setInterval(() => {
    if (asking) return;
    asking = true;
    void beat().finally(() => (asking = false));
  }, beatMs);
  const forget = store.onBroken(lose);
  const end = (): void => {
    ended = true;
    clearInterval(timer);
    clearTimeout(overdue);
    forget();
  };
  return end;
}
