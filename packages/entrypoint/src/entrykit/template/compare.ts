import { FunctionFailure, takes, type FunctionTable } from "./function-table.ts";
import { isList, isMap, typeOf, type Value } from "./value.ts";

/** `eq ne lt le gt ge`: of two values of one kind; `eq` of the first with any of the others. */
export const COMPARISONS: FunctionTable = {
  eq: takes([1, Infinity], ([first = null, ...others]) => {
    if (others.length === 0) throw new FunctionFailure("missing argument for comparison");
    return others.some((other) => isEqual(first, other));
  }),
  ne: takes(2, ([a = null, b = null]) => !isEqual(a, b)),
  lt: takes(2, ([a = null, b = null]) => isLess(a, b)),
  le: takes(2, ([a = null, b = null]) => isLess(a, b) || isEqual(a, b)),
  gt: takes(2, ([a = null, b = null]) => !isLess(a, b) && !isEqual(a, b)),
  ge: takes(2, ([a = null, b = null]) => !isLess(a, b)),
};

function isEqual(a: Value, b: Value): boolean {
  if (isList(a) || isMap(a) || isList(b) || isMap(b)) throw new FunctionFailure("a list or a map cannot be compared");
  if (a === null || b === null) return a === b;
  checkKinds(a, b);
  return a === b;
}

function isLess(a: Value, b: Value): boolean {
  checkKinds(a, b);
  if (typeof a === "string" && typeof b === "string") return Buffer.compare(Buffer.from(a), Buffer.from(b)) < 0;
  if (typeof a === "bigint" && typeof b === "bigint") return a < b;
  if (typeof a === "number" && typeof b === "number") return a < b;
  throw new FunctionFailure(`${typeOf(a)} has no order`);
}

function checkKinds(a: Value, b: Value): void {
  if (typeOf(a) === typeOf(b)) return;
  throw new FunctionFailure(`incompatible types for comparison: ${typeOf(a)} and ${typeOf(b)}`);
}
