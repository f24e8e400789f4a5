/** The fields of a line of CSV, or why Go's reader refuses it. */
export type CsvFields = { readonly fields: readonly string[] } | { readonly reason: string };

/** Reads one line of CSV: a field that begins with a quote is quoted, and no other holds one. */
export function readCsv(line: string): CsvFields {
  if (line === "") return { reason: "EOF" };
  const fields: string[] = [];
  for (let at = 0; at <= line.length;) {
    const quoted = line.charAt(at) === '"';
    const field = quoted ? quotedField(line, at) : plainField(line, at);
    if (typeof field === "string") return { reason: field };
    fields.push(field.text);
    at = field.end + 1;
  }
  return { fields };
}

interface Field {
  readonly text: string;
  /** Where its comma stands, or the end of the line. */
  readonly end: number;
}

function plainField(line: string, start: number): Field | string {
  const comma = line.indexOf(",", start);
  const end = comma === -1 ? line.length : comma;
  const text = line.slice(start, end);
  const quote = text.indexOf('"');
  if (quote === -1) return { text, end };
  return `parse error on line 1, column ${start + quote + 1}: bare " in non-quoted-field`;
}

function quotedField(line: string, start: number): Field | string {
  const parts: string[] = [];
  let from = start + 1;
  for (;;) {
    const quote = line.indexOf('"', from);
    if (quote === -1 || !['"', ",", ""].includes(line.charAt(quote + 1)))
      return `parse error on line 1, column ${(quote === -1 ? line.length : quote) + 1}: extraneous or missing " in quoted-field`;
    parts.push(line.slice(from, quote));
    if (line.charAt(quote + 1) !== '"') return { text: parts.join(""), end: quote + 1 };
    parts.push('"');
    from = quote + 2;
  }
}
