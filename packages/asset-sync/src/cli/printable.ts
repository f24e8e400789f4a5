import type { Environment } from "../config/environment.ts";

const SECRET_VARIABLES = /^(AWS_SECRET_ACCESS_KEY|AWS_SESSION_TOKEN|AWS_CONTAINER_AUTHORIZATION_TOKEN)$/;

const SHORTEST_SECRET = 6;

/** Takes secrets of this environment, passwords in URLs and control characters out of text; line breaks stay. */
export function printable(text: string, environment: Environment): string {
  let clean = text.replaceAll(/(\w+:\/\/[^\s/:@]*):[^\s/@]+@/g, "$1:[secret]@");
  for (const [name, value] of Object.entries(environment)) {
    if (SECRET_VARIABLES.test(name) && value !== undefined && value.length >= SHORTEST_SECRET) {
      clean = clean.replaceAll(value, "[secret]");
    }
  }
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  return clean.replaceAll(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g, "\u{fffd}");
}
