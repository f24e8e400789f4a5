import { fileURLToPath } from "node:url";

import { parsable, POSTGRES_SCHEMES } from "../election/postgres/address.ts";
import { refuseAddress } from "../election/postgres/refuse-address.ts";
import { MYSQL_SCHEMES, refuseMysqlAddress } from "../election/mysql/address.ts";
import { refuseS3Address, S3_SCHEME } from "../election/s3/address.ts";
import { suggest } from "./spelling.ts";

/** Why a value is refused: `undefined` when it is fine. */
export type Refusal = string | undefined;

/** Refuses what is not a URL of one of the schemes, complete enough to connect to. Never quotes the value: it may hold a password. */
export function refuseUrl(text: string, schemes: readonly string[]): Refusal {
  const names = schemes.map((scheme) => `${scheme}//`);
  if (!URL.canParse(parsable(text))) {
    return `not a URL; expected ${names.join(", ")}, with characters such as / ? # @ in a password percent-encoded`;
  }
  const { protocol, hostname, port, host } = new URL(parsable(text));
  if (!schemes.includes(protocol)) return `scheme ${protocol}//: ${suggest(`${protocol}//`, names)}`;
  const own = OWN_FORMS.find(([all]) => all.includes(protocol));
  if (own !== undefined) return own[1](text);
  if (protocol === "file:" || protocol === "unix:")
    return host === "" ? refusePath(text) : `${protocol}// needs three slashes before the path, ${protocol}///path`;
  if (protocol === "tcp:" && (hostname === "" || port === ""))
    return "tcp:// needs a host and a port, tcp://redis:6379";
  return refuseServer(text);
}

/** Schemes whose addresses have a form of their own. */
const OWN_FORMS: readonly (readonly [readonly string[], (text: string) => Refusal])[] = [
  [POSTGRES_SCHEMES, (text) => refuseAddress(text)],
  [MYSQL_SCHEMES, (text) => refuseServer(text) ?? refuseMysqlAddress(text)],
  [[S3_SCHEME], (text) => refuseS3Address(text)],
];

function refuseServer(text: string): Refusal {
  const { protocol, hostname } = new URL(text);
  if (hostname === "" && NEED_HOST.test(protocol)) return `${protocol}// needs a host, ${protocol}//host`;
  return refuseParts(text);
}

/** Schemes of servers that are not on this machine by themselves. */
const NEED_HOST = /^(mysql2?|trilogy|mariadb|rediss?):$/;

/** A % that begins no encoded character would only be found when the server is asked. */
function refuseParts(text: string): Refusal {
  const { username, password, pathname } = new URL(text);
  try {
    for (const part of [username, password, pathname]) decodeURIComponent(part);
    return undefined;
  } catch {
    return "a % in it begins no encoded character; write %25 for the sign";
  }
}

function refusePath(url: string): Refusal {
  try {
    fileURLToPath(url.replace(/^unix:/, "file:"));
    return undefined;
  } catch {
    return "not a path: in file:///path a % begins an encoded character, which must not be a slash; write %25 for the sign";
  }
}
