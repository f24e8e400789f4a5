import type { Environment } from "../config/environment.ts";

const SECRET_VARIABLES = /^(AWS_SECRET_ACCESS_KEY|AWS_SESSION_TOKEN|AWS_CONTAINER_AUTHORIZATION_TOKEN)$/;

const SHORTEST_SECRET = 6;

/** `scheme://user:password@` and what commonly becomes of it, up to the last @ of the word. */
const IN_ADDRESS = /[\w+.-]*:?\/\/?(?![/\s"])[^\s"]*?:[^\s"]*@/g;

/** The same without a scheme where a wrong word is quoted, as in `unknown command 'user:password@host'`. */
const IN_WORD = /(?<=[\s(]')[^\s"]*:[^\s"]*@/g;

/** C0 and C1 without the line break, and what turns the direction of a line or breaks it otherwise. */
// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const CONTROL = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g;

/** Takes secrets of this environment and whatever may be a password in an address out of text, and escapes control characters; line breaks stay. */
export function printable(text: string, environment: Environment): string {
  let clean = text.replaceAll(IN_ADDRESS, withoutUser).replaceAll(IN_WORD, "[secret]@");
  for (const [name, value] of Object.entries(environment)) {
    if (SECRET_VARIABLES.test(name) && value !== undefined && value.length >= SHORTEST_SECRET) {
      clean = clean.replaceAll(value, "[secret]");
    }
  }
  // The form of JSON's own escapes, so that a line of JSON still says the same.
  return clean.replaceAll(CONTROL, escaped);
}

/** As `printable`, for what is to be one line: a file name with a line break must not look like two lines. */
export function printableLine(text: string, environment: Environment): string {
  return printable(text, environment).replaceAll("\n", "\\n");
}

function withoutUser(address: string): string {
  const scheme = /^[\w+.-]*:\/\//.exec(address)?.[0] ?? "";
  return `${scheme}[secret]@`;
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
