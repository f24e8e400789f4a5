/** What can be done about a database that is newer than the image. */
export const NEWER = ["warn", "refuse", "ignore"] as const;

/** What can be done about a database server that has no database of that name. */
export const MISSING = ["wait", "accept"] as const;

/** What a value has to be. */
export type ValueRule =
  | { readonly kind: "text" }
  | { readonly kind: "name" }
  | { readonly kind: "names" }
  | { readonly kind: "flag" }
  | { readonly kind: "words" }
  | { readonly kind: "duration"; readonly leastMs?: number; readonly mostMs?: number }
  | { readonly kind: "count"; readonly least: number; readonly most: number }
  | { readonly kind: "url"; readonly schemes: readonly string[] }
  | { readonly kind: "choice"; readonly of: readonly string[] }
  | { readonly kind: "mode" }
  | { readonly kind: "choices"; readonly of: readonly string[] }
  | { readonly kind: "exit-codes" };

/** One key of a task, of a process or of the definition. Without a default a key that may be missing stays unset. */
export interface KeyRow {
  readonly key: string;
  readonly rule: ValueRule;
  readonly required: boolean;
  readonly fallback?: string | number | boolean | readonly string[];
  readonly meaning: string;
}

/** The key of a receipt. */
export const RECEIPT: KeyRow = {
  key: "receipt",
  rule: { kind: "text" },
  required: false,
  meaning: "The receipt of the assets in this image; the release id is taken from it.",
};

/** The key of a command. */
export const RUN: KeyRow = {
  key: "run",
  rule: { kind: "words" },
  required: true,
  meaning: "The command and its arguments; no shell is involved.",
};
