/** How a registry wants to be asked: with a name and a password, or with a token that somebody else gives. */
export type Challenge =
  | { readonly scheme: "basic" }
  | { readonly scheme: "bearer"; readonly realm: string; readonly service?: string; readonly scope?: string };

/**
 * Reads a WWW-Authenticate header; undefined when there is no scheme in it that is known.
 * @see https://distribution.github.io/distribution/spec/auth/token/
 */
export function parseChallenge(header: string | null): Challenge | undefined {
  const [, scheme = "", parameters = ""] = /^\s*(\w+)\s*(.*)$/s.exec(header ?? "") ?? [];
  if (scheme.toLowerCase() === "basic") return { scheme: "basic" };
  if (scheme.toLowerCase() !== "bearer") return undefined;
  const fields = new Map(
    [...parameters.matchAll(/(\w+)=(?:"((?:[^"\\]|\\.)*)"|([^",\s]*))/g)].map(([, key = "", quoted, plain]) => {
      return [key.toLowerCase(), quoted?.replaceAll(/\\(.)/g, "$1") ?? plain ?? ""];
    }),
  );
  const [realm, service, scope] = [fields.get("realm"), fields.get("service"), fields.get("scope")];
  if (realm === undefined) return undefined;
  return {
    scheme: "bearer",
    realm,
    ...(service === undefined ? {} : { service }),
    ...(scope === undefined ? {} : { scope }),
  };
}
