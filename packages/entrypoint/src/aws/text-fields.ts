/** The fields of a JSON object that are texts; none when the text is no such thing. */
export function textFields(json: string): Readonly<Record<string, string | undefined>> {
  try {
    const fields = Object.entries(Object(JSON.parse(json)) as object);
    return Object.fromEntries(fields.filter((field): field is [string, string] => typeof field[1] === "string"));
  } catch {
    return {};
  }
}
