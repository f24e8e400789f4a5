/** What is known of a browser that runs. */
export interface BrowserState {
  readonly printed: number;
  /** Of all its processes together. */
  readonly memoryBytes: number;
}

/** From when on a browser is replaced. */
export interface LifeLimits {
  readonly recycleAfter: number;
  readonly memoryBytes: number;
}

/** How much more than its limit a browser may take while it finishes what it prints. */
const LAST_PRINTS = 1.5;

/**
 * What becomes of a browser: it goes on; it retires, so that it finishes its pages and gets no more; or it is killed with the
 * pages in it. One that meets the container's limit between two looks is killed by the kernel.
 */
export function verdictOn(
  { printed, memoryBytes }: BrowserState,
  limits: LifeLimits,
): { readonly kind: "keep" } | { readonly kind: "kill" | "retire"; readonly reason: "memory" | "prints" } {
  if (memoryBytes > limits.memoryBytes * LAST_PRINTS) return { kind: "kill", reason: "memory" };
  if (memoryBytes > limits.memoryBytes) return { kind: "retire", reason: "memory" };
  return printed >= limits.recycleAfter ? { kind: "retire", reason: "prints" } : { kind: "keep" };
}
