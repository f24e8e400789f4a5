import type { ValueKind } from "../dockerfile/value-kind.ts";
import type { Stage } from "./stage.ts";

/** What an image may come to, in bytes. */
export interface Budget {
  /** All its layers, unpacked. */
  readonly maxSize?: number;
  /** Bytes of paths that its own layers write over or remove. */
  readonly maxWaste?: number;
}

/** The same as it is written: a number of bytes, or `"480 MB"`. */
export interface BudgetInput {
  readonly maxSize?: number | string;
  readonly maxWaste?: number | string;
}

const UNITS: Readonly<Record<string, number>> = { B: 1, kB: 1e3, MB: 1e6, GB: 1e9 };
const SIZE = /^(\d+(?:\.\d+)?) ?(B|kB|MB|GB)$/;
const KEYS: ReadonlySet<string> = new Set(["maxSize", "maxWaste"]);

/** {@link BudgetInput} */
export const BUDGET: ValueKind = {
  expected: 'a budget such as { maxSize: "480 MB", maxWaste: "1 MB" }, in bytes, kB, MB or GB',
  holds: (value) =>
    typeof value === "object" &&
    value !== null &&
    Object.entries(value).every(([key, size]) => KEYS.has(key) && bytesOf(size) !== undefined),
};

/** A budget in bytes. */
export function readBudget({ maxSize, maxWaste }: BudgetInput): Budget {
  const [size, waste] = [bytesOf(maxSize), bytesOf(maxWaste)];
  return {
    ...(size === undefined ? {} : { maxSize: size }),
    ...(waste === undefined ? {} : { maxWaste: waste }),
  };
}

/** How many layers a stage and those it stands on make; the layers below are those of their base image. */
export function layerCount(stage: Stage): number {
  const own = stage.steps.filter(({ instruction }) => MAKES_A_LAYER.has(instruction.instruction)).length;
  return own + (stage.base.kind === "stage" ? layerCount(stage.base) : 0);
}

const MAKES_A_LAYER: ReadonlySet<string> = new Set(["RUN", "COPY", "ADD", "WORKDIR"]);

function bytesOf(size: unknown): number | undefined {
  if (typeof size === "number") return Number.isSafeInteger(size) && size >= 0 ? size : undefined;
  const [, number = "", unit = ""] = typeof size === "string" ? (SIZE.exec(size) ?? []) : [];
  const factor = UNITS[unit];
  return factor === undefined ? undefined : Math.round(Number(number) * factor);
}
