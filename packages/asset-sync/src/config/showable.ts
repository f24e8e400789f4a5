/**
 * An address as it was typed, in quotes, without the parts that may be a credential: all that stands before the last @,
 * however badly the rest is formed, and a query or fragment.
 */
export function showable(address: string): string {
  const at = address.lastIndexOf("@");
  const host = at === -1 ? address : `[secret]${address.slice(at)}`;
  return JSON.stringify(host.replace(/[?#].*$/s, "[…]"));
}
