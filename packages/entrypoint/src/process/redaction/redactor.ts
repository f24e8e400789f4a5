/** What stands in the place of a secret. */
const MASK = Buffer.from("***");

/** Takes secrets out of one stream of bytes, in whatever pieces it comes. */
export interface Censor {
  /** What may be passed on so far: the beginning of what could become a secret is held back. */
  push(piece: Buffer): Buffer;
  /** What was held back, when nothing follows. */
  end(): Buffer;
}

/** All secrets in one automaton. */
export interface Redactor {
  /** Begins a stream. */
  open(): Censor;
}

interface Automaton {
  /** The node after a node and a byte, by `node * 256 + byte`. */
  readonly next: ReadonlyMap<number, number>;
  /** Where to go on when no byte fits: the longest end of what was read that begins a pattern. */
  readonly fallback: Uint32Array;
  readonly depth: Uint32Array;
  /** The length of the longest pattern that ends in a node; 0 when none does. */
  readonly ends: Uint32Array;
}

/**
 * Builds the automaton of Aho and Corasick: every pattern is found in one pass, whatever overlaps and whatever is part of another.
 * @param patterns Latin-1 strings, one character a byte; none is empty
 */
export function buildRedactor(patterns: readonly string[]): Redactor {
  const automaton = link(grow(patterns));
  return { open: () => openCensor(automaton) };
}

interface Tree {
  readonly next: Map<number, number>;
  readonly ends: number[];
  readonly depth: number[];
}

function grow(patterns: readonly string[]): Tree {
  const tree: Tree = { next: new Map(), ends: [0], depth: [0] };
  for (const pattern of patterns) {
    let node = 0;
    for (let at = 0; at < pattern.length; at += 1) {
      const key = node * 256 + pattern.charCodeAt(at);
      let child = tree.next.get(key);
      if (child === undefined) {
        child = tree.ends.length;
        tree.next.set(key, child);
        tree.ends.push(0);
        tree.depth.push(at + 1);
      }
      node = child;
    }
    tree.ends[node] = pattern.length;
  }
  return tree;
}

/** Breadth first, which is the order of the depth: a node's fallback is shallower than the node. */
function link({ next, ends, depth }: Tree): Automaton {
  const automaton = {
    next,
    fallback: new Uint32Array(ends.length),
    ends: Uint32Array.from(ends),
    depth: Uint32Array.from(depth),
  };
  const edges = [...next].map(([key, child]) => ({ parent: Math.floor(key / 256), byte: key % 256, child }));
  edges.sort((a, b) => (depth[a.child] ?? 0) - (depth[b.child] ?? 0));
  for (const { parent, byte, child } of edges) {
    const fallback = parent === 0 ? 0 : step(automaton, automaton.fallback[parent] ?? 0, byte);
    automaton.fallback[child] = fallback;
    automaton.ends[child] ||= automaton.ends[fallback] ?? 0;
  }
  return automaton;
}

function step({ next, fallback }: Automaton, from: number, byte: number): number {
  let node = from;
  for (;;) {
    const found = next.get(node * 256 + byte);
    if (found !== undefined) return found;
    if (node === 0) return 0;
    node = fallback[node] ?? 0;
  }
}

function openCensor(automaton: Automaton): Censor {
  let held = Buffer.alloc(0);
  /** For the bytes held back: which of them belong to a secret. */
  let secret: boolean[] = [];
  let node = 0;
  let masking = false;
  const release = (count: number): Buffer => {
    const out: Buffer[] = [];
    for (let at = 0; at < count;) {
      const hidden = secret[at] === true;
      let end = at + 1;
      while (end < count && (secret[end] === true) === hidden) end += 1;
      if (!hidden) out.push(held.subarray(at, end));
      else if (!masking) out.push(MASK);
      masking = hidden;
      at = end;
    }
    held = Buffer.from(held.subarray(count));
    secret = secret.slice(count);
    return Buffer.concat(out);
  };
  return {
    push: (piece) => {
      const before = held.length;
      held = Buffer.concat([held, piece]);
      for (let at = before; at < held.length; at += 1) {
        node = step(automaton, node, held[at] ?? 0);
        const length = automaton.ends[node] ?? 0;
        if (length > 0) secret.length = Math.max(secret.length, at + 1);
        for (let index = at + 1 - length; index <= at; index += 1) secret[index] = true;
      }
      return release(held.length - (automaton.depth[node] ?? 0));
    },
    end: () => {
      node = 0;
      const rest = release(held.length);
      masking = false;
      return rest;
    },
  };
}
