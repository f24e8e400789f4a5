/** Upper bounds in seconds. */
const BUCKETS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** What is counted of requests. */
export class RequestMetrics {
  readonly #codes = new Map<string, number>();
  readonly #buckets: number[] = BUCKETS.map(() => 0);
  #seconds = 0;
  #count = 0;

  /** @param code `OK` or the refusal's */
  add(code: string, seconds: number): void {
    this.#codes.set(code, (this.#codes.get(code) ?? 0) + 1);
    this.#seconds += seconds;
    this.#count += 1;
    for (const [index, bound] of BUCKETS.entries()) {
      if (seconds <= bound) this.#buckets[index] = (this.#buckets[index] ?? 0) + 1;
    }
  }

  render(): string {
    const codes = [...this.#codes].map(([code, count]) => [`{code="${code}"}`, count] as const);
    const buckets = BUCKETS.map((bound, index) => [`_bucket{le="${bound}"}`, this.#buckets[index] ?? 0] as const);
    return [
      metric("pdf_requests_total", "counter", "Forms by the code of their answer.", codes),
      metric("pdf_request_seconds", "histogram", "From the first byte of a form to the end of its answer.", [
        ...buckets,
        ['_bucket{le="+Inf"}', this.#count],
        ["_sum", this.#seconds],
        ["_count", this.#count],
      ]),
    ].join("");
  }
}

/**
 * One metric in Prometheus' text format.
 *
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export function metric(
  name: string,
  type: "counter" | "gauge" | "histogram",
  help: string,
  samples: readonly (readonly [string, number])[],
): string {
  const lines = samples.map(([suffix, value]) => `${name}${suffix} ${value}\n`);
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join("")}`;
}
