/** Schemes of a MySQL or MariaDB address; Rails' adapters are called after their drivers. */
export const MYSQL_SCHEMES: readonly string[] = ["mysql:", "mysql2:", "trilogy:", "mariadb:"];

/** What the drivers call `ssl_mode`, weakest first. */
const TLS_MODES = ["disabled", "preferred", "required", "verify_ca", "verify_identity"] as const;
export type MysqlTlsMode = (typeof TLS_MODES)[number];

/** How to connect to a MySQL or MariaDB server. */
export interface MysqlAddress {
  readonly host: string;
  readonly port: number;
  /** A Unix socket in place of host and port. */
  readonly socket: string | undefined;
  readonly database: string;
  readonly user: string;
  readonly password: string;
  readonly tls: MysqlTlsMode;
  /** Path of the PEM file of the server's authority. */
  readonly authority: string | undefined;
}

/** Reads a URL whose form was checked, with the words that Rails' adapters take in its query. */
export function readMysqlAddress(url: string): MysqlAddress {
  const { hostname, port, pathname, username, password, searchParams } = new URL(url);
  // A word without a value says nothing, as with Rails.
  const word = (name: string): string | undefined => searchParams.get(name) || undefined;
  const authority = word("sslca") ?? word("ssl_ca");
  const stated = modeOf(searchParams);
  return {
    host: decodeURIComponent(hostname).replace(/^\[(.*)\]$/, "$1") || "127.0.0.1",
    port: Number(port || "3306"),
    socket: word("socket"),
    database: decodeURIComponent(pathname.slice(1)),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    tls: stated ?? (authority === undefined ? "preferred" : "verify_ca"),
    authority,
  };
}

function modeOf(words: URLSearchParams): MysqlTlsMode | undefined {
  const stated = (words.get("ssl_mode") ?? words.get("sslmode") ?? "").toLowerCase().replace(/^ssl_mode_/, "");
  return TLS_MODES.find((mode) => mode === stated);
}

/** Host, port and database of a URL, without user and password. */
export function mysqlAddressName(url: string): string {
  const { host, port, socket, database } = readMysqlAddress(url);
  const shown = host.includes(":") ? `[${host}]` : host;
  return `${socket ?? `${shown}:${String(port)}`}/${database}`;
}

/** Why a URL that can be parsed is not a database's. Quotes nothing of it: it holds a password. */
export function refuseMysqlAddress(url: string): string | undefined {
  const { pathname, search, hash, searchParams } = new URL(url);
  if ([pathname, search, hash].some((part) => part.includes("@"))) {
    return "an @ stands after the host; characters such as / ? # @ % in a password are percent-encoded: %2F %3F %23 %40 %25";
  }
  const mode = searchParams.get("ssl_mode") ?? searchParams.get("sslmode");
  if (mode !== null && modeOf(searchParams) === undefined) return `ssl_mode is none of ${TLS_MODES.join(", ")}`;
  return undefined;
}
