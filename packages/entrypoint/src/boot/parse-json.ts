import { invalid } from "./read-value.ts";

/** An object or a list that is open at some place of a text. */
interface Open {
  /** Its path. */
  readonly path: string;
  /** The keys of an object so far; a list has none. */
  readonly keys: Set<string> | undefined;
  /** The path of the value that is next. */
  next: string;
  /** The place in a list. */
  index: number;
  expectsKey: boolean;
}

/** What holds or parts keys in a text of JSON; nothing within a string is taken for it. */
const TOKENS = /"(?:[^"\\]|\\.)*"|[{}[\],]/g;

/**
 * The value of a text of JSON in which no object has a key twice: of two, `JSON.parse` keeps the last without a word.
 * `root` is what paths in messages begin with.
 * @throws SyntaxError
 * @throws EntrypointError `ENTRYPOINT_DEFINITION_INVALID`, naming the path of the key
 */
export function parseJson(text: string, root = ""): unknown {
  const value: unknown = JSON.parse(text);
  const open: Open[] = [];
  for (const token of text.match(TOKENS) ?? []) read(token, open, root);
  return value;
}

function read(token: string, open: Open[], root: string): void {
  const inner = open.at(-1);
  if (token === "{" || token === "[") open.push(opened(inner?.next ?? root, token === "{"));
  else if (token === "}" || token === "]") open.pop();
  else if (token !== ",") readString(token, inner);
  else if (inner?.keys !== undefined) inner.expectsKey = true;
  else if (inner !== undefined) inner.next = `${inner.path}[${String(++inner.index)}]`;
}

function opened(path: string, isObject: boolean): Open {
  const keys = isObject ? new Set<string>() : undefined;
  return { path, keys, next: `${path}[0]`, index: 0, expectsKey: isObject };
}

function readString(token: string, inner: Open | undefined): void {
  if (inner?.keys === undefined || !inner.expectsKey) return;
  const key = String(JSON.parse(token));
  inner.next = inner.path === "" ? key : `${inner.path}.${key}`;
  if (inner.keys.has(key)) throw invalid(inner.next, "the key stands twice in its object, expected once");
  inner.keys.add(key);
  inner.expectsKey = false;
}
