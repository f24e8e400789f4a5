import { BaseImageError } from "../errors.ts";
import { assertVariableName, TEXT, type Text } from "../dockerfile/text.ts";
import { assertRecord } from "../dockerfile/value-kind.ts";
import { assertOneLine } from "../dockerfile/word.ts";
import type { Step } from "./stage.ts";

/** `ENV` */
export function envStep(pairs: Readonly<Record<string, Text>>, call: string): Step {
  return pairsStep("ENV", pairs, call, (key) => {
    assertVariableName(key, "the name of an ENV");
  });
}

/** `LABEL` */
export function labelStep(pairs: Readonly<Record<string, Text>>, call: string): Step {
  return pairsStep("LABEL", pairs, call, assertLabelKey);
}

function pairsStep(
  instruction: "ENV" | "LABEL",
  pairs: Readonly<Record<string, Text>>,
  call: string,
  assertKey: (key: string) => void,
): Step {
  assertRecord(pairs, TEXT, call, "the pairs");
  const entries = Object.entries(pairs);
  if (entries.length === 0) throw new BaseImageError("BASE_IMAGE_INVALID_VALUE", `${call}: ${instruction} has no pair`);
  for (const [key] of entries) assertKey(key);
  return { instruction: { instruction, pairs: entries.map(([key, value]) => ({ key, value })) }, uses: [], args: [] };
}

function assertLabelKey(key: string): void {
  assertOneLine(key, "the key of a LABEL");
  if (/^[A-Za-z0-9][A-Za-z0-9._/-]*$/.test(key)) return;
  throw new BaseImageError(
    "BASE_IMAGE_INVALID_VALUE",
    `the key of a LABEL is ${JSON.stringify(key)}; expected letters, digits and any of . _ / -`,
  );
}
