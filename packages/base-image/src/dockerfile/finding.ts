/** How grave a finding is: an `error` is what BuildKit refuses or what must not be shipped. */
export type Severity = "error" | "warning" | "info";

/**
 * Something to say about a place in a Dockerfile. `kind` is the layer that found it: `grammar` is what BuildKit's parser
 * would say, `graph` is about stages and variables together, `lint` about habits. Lines and columns count from 1, columns in
 * UTF-16 units.
 */
export interface Finding {
  readonly code: string;
  readonly kind: "grammar" | "graph" | "lint";
  readonly severity: Severity;
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly hint: string;
}
