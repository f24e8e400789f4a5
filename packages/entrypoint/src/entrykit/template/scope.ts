import type { Value } from "./value.ts";

/** Variables of a block, over those of the blocks around it. */
export class Scope {
  readonly values: Map<string, Value>;
  readonly outer: Scope | undefined;

  constructor(outer: Scope | undefined, values: Iterable<readonly [string, Value]> = []) {
    this.outer = outer;
    this.values = new Map(values);
  }

  get(name: string): Value {
    return this.holder(name)?.values.get(name) ?? null;
  }

  declare(name: string, value: Value): void {
    this.values.set(name, value);
  }

  assign(name: string, value: Value): void {
    (this.holder(name) ?? this).values.set(name, value);
  }

  holder(name: string): Scope | undefined {
    return this.values.has(name) ? this : this.outer?.holder(name);
  }
}
