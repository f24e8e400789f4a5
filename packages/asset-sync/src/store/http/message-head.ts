import { FIELD_NAME } from "./field-name.ts";

/** What may not stand in a value: https://datatracker.ietf.org/doc/html/rfc9110#section-5.5 */
const NO_VALUE = /[^\t\u0020-\u007E\u0080-\u00FF]/;
const NO_PATH = /[^\u0021-\u007E]/;

/**
 * The lines before the body of a request, in Latin-1. Pure.
 *
 * @throws TypeError for what would end its line or is no ASCII path
 */
export function messageHead(request: {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}): string {
  const { method, path, headers } = request;
  if (NO_PATH.test(path)) throw new TypeError(`Path ${JSON.stringify(path)} has characters that a path must not have.`);
  let head = `${method} ${path} HTTP/1.1\r\n`;
  for (const [name, value] of Object.entries(headers)) {
    if (!FIELD_NAME.test(name) || NO_VALUE.test(value)) {
      throw new TypeError(`Header ${name} has characters that a header must not have.`);
    }
    head += `${name}: ${value}\r\n`;
  }
  return `${head}connection: keep-alive\r\n\r\n`;
}
