import { hostIn, parsable, TLS_MODES } from "./address.ts";

/** What is wrong with a value, as words that follow its name; `undefined` when it is fine. */
type Check = (value: string) => string | undefined;

/** What libpq can do and is not done here: the connection would lead elsewhere, or be worth less. */
function notHeld(...idle: readonly string[]): Check {
  return (value) =>
    idle.includes(value) ? undefined : "asks for what is not held to here: give an address without it";
}

function oneOf(...values: readonly string[]): Check {
  return (value) => (values.includes(value) ? undefined : `is none of ${values.join(", ")}`);
}

/** Words of libpq's that are looked at, each with the variable that stands in for it. `no-verify` is a word of Node's driver. */
const WORDS: Readonly<Record<string, readonly [variable: string | undefined, check: Check]>> = {
  host: ["PGHOST", (value) => (value.includes(",") ? `names several, ${IN_TURN}` : undefined)],
  port: ["PGPORT", (value) => (/^\d{1,5}$/.test(value) && Number(value) <= MOST_PORT ? undefined : NO_PORT)],
  sslmode: ["PGSSLMODE", oneOf(...TLS_MODES, "no-verify")],
  sslnegotiation: ["PGSSLNEGOTIATION", oneOf("postgres", "direct")],
  channel_binding: ["PGCHANNELBINDING", oneOf("disable", "prefer", "require")],
  gssencmode: ["PGGSSENCMODE", notHeld("disable", "prefer")],
  hostaddr: ["PGHOSTADDR", notHeld()],
  // PGPASSFILE is the driver's to read.
  passfile: [undefined, notHeld()],
  require_auth: ["PGREQUIREAUTH", notHeld()],
  requirepeer: ["PGREQUIREPEER", notHeld()],
  service: ["PGSERVICE", notHeld()],
  ssl_min_protocol_version: ["PGSSLMINPROTOCOLVERSION", notHeld("TLSv1", "TLSv1.1", "TLSv1.2")],
  sslcrl: ["PGSSLCRL", notHeld()],
  sslcrldir: ["PGSSLCRLDIR", notHeld()],
  target_session_attrs: ["PGTARGETSESSIONATTRS", notHeld("any")],
};

const IN_TURN = "which are not tried in turn as libpq does it: name one";
const MOST_PORT = 65_535;
const NO_PORT = `is not a number up to ${String(MOST_PORT)}`;

/** The words that {@link refuseAddress} looks at. */
export const LOOKED_AT: readonly string[] = Object.keys(WORDS);

const ENCODE = "characters such as / ? # @ % in a user or a password are percent-encoded: %2F %3F %23 %40 %25";

/**
 * Why a URL that can be parsed, with what the environment adds to it, is not a database's. Quotes nothing of it: it holds a
 * password.
 */
export function refuseAddress(url: string, env: Readonly<NodeJS.ProcessEnv> = process.env): string | undefined {
  const { username, password, hostname, port, pathname, search, hash, searchParams } = new URL(parsable(url));
  if ([pathname, search, hash].some((part) => part.includes("@"))) return `an @ stands after the host; ${ENCODE}`;
  if (![username, password, hostname, pathname].every(isDecodable)) return `a % is not an encoded character; ${ENCODE}`;
  const own: Readonly<Record<string, string>> = { host: hostIn(hostname), port };
  const problems = Object.entries(WORDS).map(([word, [variable = "", check]]) => {
    const stated = searchParams.get(word) || own[word] || "";
    const value = stated || (env[variable] ?? "");
    const problem = value === "" ? undefined : check(value);
    return problem === undefined ? undefined : `${stated === "" ? variable : word} ${problem}`;
  });
  return problems.find((problem) => problem !== undefined);
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}
