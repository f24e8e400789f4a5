/**
 * One thing that entrykit does, and what this program does in its place. `keep`: the same; `fix`: better, where nobody can
 * rely on entrykit's way; `warn`: not as entrykit does it, and a warning says so.
 */
export interface Difference {
  readonly id: string;
  readonly kind: "keep" | "fix" | "warn";
  readonly entrykit: string;
  readonly ours: string;
  readonly reason: string;
  /** What `entrypoint lint` says where a Dockerfile's line depends on it; `{found}` is the piece of it. */
  readonly lint?: { readonly severity: "error" | "warning"; readonly message: string; readonly hint: string };
}
