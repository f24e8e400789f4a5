/** Schemes of a PostgreSQL address. */
export const POSTGRES_SCHEMES: readonly string[] = ["postgres:", "postgresql:", "postgis:"];

/** What libpq calls `sslmode`, weakest first. */
export const TLS_MODES = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"] as const;
export type TlsMode = (typeof TLS_MODES)[number];

/** How to connect, as libpq reads it from a URL and the environment. What is not given is left to the driver. */
export interface DatabaseAddress {
  /** A name, an address, or the folder of a Unix socket. */
  readonly host: string;
  readonly port: number;
  readonly database: string | undefined;
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly options: string | undefined;
  /** As it was written; {@link tlsMode} says what it means. */
  readonly sslmode: string;
  readonly direct: boolean;
  /** The log-in has to be bound to the server's certificate. */
  readonly bound: boolean;
  /** Paths of the PEM files. */
  readonly rootCertificate: string | undefined;
  readonly certificate: string | undefined;
  readonly key: string | undefined;
}

/** libpq may leave the host out where `URL` may not: `postgres://user:password@/shop?host=/var/run/postgresql`. */
const HOSTLESS = /^(\s*(?:postgres|postgresql|postgis):\/\/[^/?#]*@)(?=(?::\d*)?(?:[/?#]|\s*$))/i;
const NO_HOST = "host.invalid";
const STANDARD_PORT = "5432";

/** A URL in a form that `URL` takes, for every form that libpq takes. */
export function parsable(url: string): string {
  return url.replace(HOSTLESS, `$1${NO_HOST}`);
}

/** The scheme of a URL, with the colon. */
export function schemeOf(url: string): string {
  return new URL(parsable(url)).protocol;
}

/**
 * Reads a URL whose form was checked. In its query stand libpq's words; the environment's `PGHOST`, `PGPORT` and `PGSSL…`
 * hold for what the URL leaves out.
 * Source: https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING
 */
export function readAddress(url: string, env: Readonly<NodeJS.ProcessEnv> = process.env): DatabaseAddress {
  const { hostname, port, pathname, username, password, searchParams } = new URL(parsable(url));
  const query = (key: string): string | undefined => searchParams.get(key) ?? undefined;
  return {
    host: first(query("host"), hostIn(hostname), env["PGHOST"]) ?? "localhost",
    port: Number(first(query("port"), port, env["PGPORT"]) ?? STANDARD_PORT),
    database: first(query("dbname"), decodeURIComponent(pathname.slice(1))),
    user: first(query("user"), decodeURIComponent(username)),
    password: first(query("password"), decodeURIComponent(password)),
    options: first(query("options")),
    sslmode: first(query("sslmode"), SSL_WORDS[query("ssl") ?? ""], env["PGSSLMODE"]) ?? "prefer",
    direct: first(query("sslnegotiation"), env["PGSSLNEGOTIATION"]) === "direct",
    bound: first(query("channel_binding"), env["PGCHANNELBINDING"]) === "require",
    rootCertificate: first(query("sslrootcert"), env["PGSSLROOTCERT"]),
    certificate: first(query("sslcert"), env["PGSSLCERT"]),
    key: first(query("sslkey"), env["PGSSLKEY"]),
  };
}

/** What stands as the host of a {@link parsable} URL, decoded; empty where none does. */
export function hostIn(hostname: string): string {
  return hostname === NO_HOST ? "" : decodeURIComponent(hostname).replace(/^\[(.*)\]$/, "$1");
}

/** Other drivers' word `ssl`. */
const SSL_WORDS: Readonly<Record<string, TlsMode>> = {
  true: "require",
  "1": "require",
  "no-verify": "require",
  false: "disable",
  "0": "disable",
};

/** What a `sslmode` means; `no-verify` is a word of Node's driver. */
export function tlsMode(sslmode: string): TlsMode | undefined {
  return sslmode === "no-verify" ? "require" : TLS_MODES.find((mode) => mode === sslmode);
}

/** Host, port and database of a URL, without user and password. */
export function postgresAddress(url: string): string {
  const { host, port, database } = readAddress(url);
  const shown = host.includes(":") ? `[${host}]` : host;
  return `${shown}:${String(port)}${database === undefined ? "" : `/${database}`}`;
}

/** The same server's database in which others are created, as Rails and `createdb` take it. */
export function maintenanceAddress(url: string): string {
  const [place = "", query = ""] = url.split("?", 2);
  const words = new URLSearchParams(query);
  words.set("dbname", "postgres");
  return `${place}?${words.toString()}`;
}

function first(...values: readonly (string | undefined)[]): string | undefined {
  return values.find((value) => value !== undefined && value !== "");
}
