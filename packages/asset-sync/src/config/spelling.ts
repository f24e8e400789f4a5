/** The candidate nearest to what was typed, when it is near enough to be meant; the dashes of a flag do not count. */
export function nearestSpelling(typed: string, candidates: Iterable<string>): string | undefined {
  let best: { readonly name: string; readonly edits: number } | undefined;
  for (const name of candidates) {
    const edits = editDistance(typed.toLowerCase(), name.toLowerCase());
    if (edits <= allowedEdits(name) && (best === undefined || edits < best.edits)) best = { name, edits };
  }
  return best?.name;
}

/** More than one edit in a short word, or a third of a longer one, makes another word of it. */
function allowedEdits(name: string): number {
  return Math.max(1, Math.min(3, Math.floor(name.replace(/^-+/, "").length / 3)));
}

/** Letters put in, left out or changed, and neighbours swapped. */
function editDistance(left: string, right: string): number {
  let before: readonly number[] = [];
  let row = Array.from({ length: right.length + 1 }, (_, column) => column);
  for (let line = 1; line <= left.length; line += 1) {
    const next = [line];
    for (let column = 1; column <= right.length; column += 1) {
      const change = at(row, column - 1) + (left[line - 1] === right[column - 1] ? 0 : 1);
      const swap = isSwap(left, right, line, column) ? at(before, column - 2) + 1 : Infinity;
      next.push(Math.min(change, swap, at(row, column) + 1, at(next, column - 1) + 1));
    }
    before = row;
    row = next;
  }
  return at(row, right.length);
}

function isSwap(left: string, right: string, line: number, column: number): boolean {
  return line > 1 && column > 1 && left[line - 1] === right[column - 2] && left[line - 2] === right[column - 1];
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Infinity;
}
