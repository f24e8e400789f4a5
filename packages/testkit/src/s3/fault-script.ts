import type { LoggedRequest } from "./request-log.ts";

/**
 * What goes wrong with a request. `cut` resets the connection: before the request is read, in the middle of its body, in
 * the middle of the answer, or after the request was carried out but before anything is answered. `truncate` carries the
 * request out and ends the connection in the middle of the answer as if that were all. `stall` keeps the connection and
 * falls silent: before the request is read, or in the middle of the answer. `delay` and `held` carry the request out later.
 */
export type Fault =
  | {
      readonly kind: "answer";
      readonly status: number;
      readonly code: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  | { readonly kind: "delay"; readonly milliseconds: number }
  | { readonly kind: "held"; readonly until: Promise<unknown> }
  | { readonly kind: "cut"; readonly when: "before" | "body" | "during" | "after" }
  | { readonly kind: "truncate" }
  | { readonly kind: "stall"; readonly when: "before" | "during" };

/** When it goes wrong: for requests that match, at most `times` of them (default: all). */
export interface FaultRule {
  readonly fault: Fault;
  readonly matches: (request: LoggedRequest, index: number) => boolean;
  readonly times?: number;
}

/** Faults that wait for their requests. */
export class FaultScript {
  readonly #rules: { readonly rule: FaultRule; left: number }[] = [];

  add(rule: FaultRule): void {
    this.#rules.push({ rule, left: rule.times ?? Number.POSITIVE_INFINITY });
  }

  clear(): void {
    this.#rules.length = 0;
  }

  /** The first fault that is due for this request, used up once. */
  take(request: LoggedRequest, index: number): Fault | undefined {
    const due = this.#rules.find(({ rule, left }) => left > 0 && rule.matches(request, index));
    if (due === undefined) return undefined;
    due.left -= 1;
    return due.rule.fault;
  }
}
