/** An answer's status and its headers, with names in small letters. */
export interface PageAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Why the browser showed no page although its address answered: there was no content, or a file to save. It tells both like a
 * page that went elsewhere; undefined when that is what happened.
 *
 * @see https://html.spec.whatwg.org/multipage/browsing-the-web.html#loading-a-document
 */
export function noPageIn({ status, headers }: PageAnswer): string | undefined {
  if (status === 204 || status === 205) return `it answered ${status}, which has no content`;
  const disposition = headers["content-disposition"] ?? "";
  if (/^\s*attachment\b/i.test(disposition)) return "it is a file to save: its Content-Disposition is attachment";
  const type = (headers["content-type"] ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";
  const shown = /^(text|image|audio|video)\/|^$|[/+](xml|json)$|^application\/(javascript|ecmascript)$/;
  return shown.test(type) ? undefined : `it is ${JSON.stringify(type.slice(0, 60))}, which is no page`;
}
