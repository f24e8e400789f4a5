import type { Assertion } from "./assertion.ts";

/** One assertion for each label. */
export function labelAssertions(labels: Readonly<Record<string, string>>): readonly Assertion[] {
  return Object.entries(labels).map(([label, text]) => ({
    kind: "label",
    name: `label ${label} is ${text}`,
    label,
    expected: { kind: "text", text },
  }));
}
