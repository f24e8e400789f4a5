/** A field of a secret that is a JSON object, as text; or why there is none. No message holds a value. */
export function fieldOf(text: string, key: string): { readonly value: string } | { readonly missing: string } {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return { missing: "the secret is no JSON, so it has no fields" };
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) {
    return { missing: "the secret is no JSON object, so it has no fields" };
  }
  const fields = new Map<string, unknown>(Object.entries(parsed));
  const value = fields.get(key);
  if (typeof value === "string") return { value };
  if (value !== undefined && value !== null) return { value: JSON.stringify(value) };
  return {
    missing: `the secret has no field ${JSON.stringify(key)}; it has ${[...fields.keys()].join(", ") || "none"}`,
  };
}
