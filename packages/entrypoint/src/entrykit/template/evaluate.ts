import { evaluatePipe } from "./evaluate-pipeline.ts";
import type { FunctionTable, TemplateContext } from "./function-table.ts";
import { DEEPEST_CALL, LONGEST, MOST_STEPS } from "./limits.ts";
import { neededVariables } from "./needed.ts";
import { TemplateError, type TemplateSource } from "./position.ts";
import { Scope } from "./scope.ts";
import type { Branch, Node, Pipe, Template } from "./tree.ts";
import { isList, isMap, isTrue, mapOf, printValue, typeOf, type Value } from "./value.ts";

/** What all of one rendering share, with the templates it includes. */
export interface Budget {
  steps: number;
}

/** A rendering under way. */
export class Evaluation {
  readonly source: TemplateSource;
  readonly template: Template;
  readonly functions: FunctionTable;
  readonly context: TemplateContext;
  readonly budget: Budget;
  output = "";
  depth = 0;

  constructor(
    source: TemplateSource,
    template: Template,
    surroundings: { readonly functions: FunctionTable; readonly context: TemplateContext; readonly budget: Budget },
  ) {
    this.source = source;
    this.template = template;
    this.functions = surroundings.functions;
    this.context = surroundings.context;
    this.budget = surroundings.budget;
  }

  /** The output for variables by their names without `$`; `.` is the map of them. */
  run(variables: readonly (readonly [string, Value])[]): string {
    const dot = mapOf(variables);
    const scope = new Scope(undefined, [["$", dot], ...variables.map(([name, value]) => [`$${name}`, value] as const)]);
    this.walk(this.template.body, dot, scope);
    return this.output;
  }

  walk(nodes: readonly Node[], dot: Value, scope: Scope): void {
    for (const node of nodes) {
      this.spend(node.at);
      this.step(node, dot, scope);
    }
  }

  step(node: Node, dot: Value, scope: Scope): void {
    switch (node.kind) {
      case "text":
        return this.write(node.text, node.at);
      case "action": {
        this.requireVariables(node.pipe);
        const value = evaluatePipe(this, node.pipe, dot, scope);
        declare(node.pipe, value, scope);
        if (node.pipe.variables.length === 0) this.write(printValue(value), node.at);
        return;
      }
      case "template":
        return this.invoke(node, dot, scope);
      case "range":
        return this.range(node, dot, new Scope(scope));
      case "if":
      case "with":
        return this.branch(node, dot, new Scope(scope));
    }
  }

  branch(node: Branch, dot: Value, scope: Scope): void {
    const value = evaluatePipe(this, node.pipe, dot, scope);
    declare(node.pipe, value, scope);
    if (!isTrue(value)) return this.walk(node.otherwise, dot, new Scope(scope));
    return this.walk(node.body, node.kind === "with" ? value : dot, new Scope(scope));
  }

  /** What an `if` or a `with` asks may well be unset: it is asked whether it is there. */
  requireVariables(pipe: Pipe): void {
    if (!this.context.strict) return;
    const missing = neededVariables(pipe).find(({ name }) => this.context.env[name] === undefined);
    if (missing === undefined) return;
    throw this.error(missing.at, `the variable ${missing.name} is not set, and there is no default for it`);
  }

  range(node: Branch, dot: Value, scope: Scope): void {
    this.requireVariables(node.pipe);
    const value = evaluatePipe(this, node.pipe, dot, scope);
    const items = this.itemsOf(value, node);
    if (items.length === 0) return this.walk(node.otherwise, dot, new Scope(scope));
    for (const [key, item] of items) {
      this.spend(node.at);
      const inner = new Scope(scope);
      const { variables } = node.pipe;
      const values = variables.length === 1 ? [item] : [key, item];
      for (const [index, name] of variables.entries()) put(node.pipe, name, values[index] ?? null, inner);
      this.walk(node.body, item, inner);
    }
  }

  itemsOf(value: Value, node: Branch): readonly (readonly [Value, Value])[] {
    if (isList(value)) return value.map((item, index) => [BigInt(index), item]);
    if (isMap(value)) return [...value];
    if (value === null) return [];
    throw this.error(node.pipe.at, `range can't iterate over a value of type ${typeOf(value)}`);
  }

  invoke(node: Extract<Node, { readonly kind: "template" }>, dot: Value, scope: Scope): void {
    const body = this.template.defined.get(node.name);
    if (body === undefined) throw this.error(node.at, `template "${node.name}" not defined`);
    if (this.depth >= DEEPEST_CALL) throw this.error(node.at, `template "${node.name}" calls itself without an end`);
    const inner = node.pipe === undefined ? null : evaluatePipe(this, node.pipe, dot, scope);
    this.depth += 1;
    this.walk(body, inner, new Scope(undefined, [["$", inner]]));
    this.depth -= 1;
  }

  write(text: string, at: number): void {
    this.output += text;
    if (this.output.length > LONGEST) throw this.error(at, `more than ${String(LONGEST)} characters of output`);
  }

  spend(at: number, steps = 1): void {
    this.budget.steps += steps;
    if (this.budget.steps > MOST_STEPS) throw this.error(at, `more than ${String(MOST_STEPS)} steps: does it end?`);
  }

  error(at: number, problem: string): TemplateError {
    return new TemplateError(this.source, at, problem);
  }
}

function declare(pipe: Pipe, value: Value, scope: Scope): void {
  for (const name of pipe.variables) put(pipe, name, value, scope);
}

function put(pipe: Pipe, name: string, value: Value, scope: Scope): void {
  if (pipe.assigns) scope.assign(name, value);
  else scope.declare(name, value);
}
