import { refuseMysqlAddress } from "../../../election/mysql/address.ts";
import { LOOKED_AT, refuseAddress } from "../../../election/postgres/refuse-address.ts";
import type { DatabaseConfiguration } from "./configurations.ts";
import { isMarked } from "./erb.ts";

/** Where a database is, or why that cannot be told without Rails. */
export type Address = { readonly url: string } | { readonly unclear: string };

type Values = DatabaseConfiguration["values"];

/** What decides which table of which database is read, and is not part of an address. */
const ELSEWHERE = ["schema_search_path", "schema_order", "variables", "default_file"];

/** An address of what Rails would connect to. `PGHOST` stands in for a host that is not given. */
export function addressOf({ name, values }: DatabaseConfiguration, env: Readonly<NodeJS.ProcessEnv>): Address {
  const other = ELSEWHERE.find((key) => values[key] !== undefined && values[key] !== null);
  if (other !== undefined) return { unclear: `${name} sets ${other}` };
  const adapter = textOf(values, "adapter") ?? "";
  const build = ADAPTERS[adapter];
  if (build === undefined) return { unclear: `${name} is a database of the adapter ${JSON.stringify(adapter)}` };
  const marked = [...build.keys].find((key) => isMarked(values[key]));
  if (marked !== undefined) return { unclear: `${name}.${marked} is Ruby that only Rails carries out` };
  const unwritten = build.keys.find((key) => !isWritten(values[key] ?? ""));
  if (unwritten !== undefined) return { unclear: `${name}.${unwritten} is neither text nor a whole number: quote it` };
  if (textOf(values, "database") === undefined) return { unclear: `${name} names no database` };
  if (["host", "socket"].every((key) => textOf(values, key) === undefined) && !build.hasDefaultHost(env)) {
    return { unclear: `${name} names no host` };
  }
  const url = build.url(values);
  const refusal = build.refuse(url);
  return refusal === undefined ? { url } : { unclear: `${name}: ${refusal}` };
}

interface Adapter {
  readonly keys: readonly string[];
  readonly hasDefaultHost: (env: Readonly<NodeJS.ProcessEnv>) => boolean;
  readonly url: (values: Values) => string;
  readonly refuse: (url: string) => string | undefined;
}

/** Rails' keys and those of libpq's addresses. */
const LIBPQ: Readonly<Record<string, string>> = {
  database: "dbname",
  username: "user",
  password: "password",
  ...Object.fromEntries(LOOKED_AT.map((word) => [word, word])),
  options: "options",
  sslrootcert: "sslrootcert",
  sslcert: "sslcert",
  sslkey: "sslkey",
};

const POSTGRES: Adapter = {
  keys: Object.keys(LIBPQ),
  hasDefaultHost: (env) => (env["PGHOST"] ?? "") !== "",
  url: (values) => `postgres://@/?${queryOf(values, LIBPQ)}`,
  refuse: (url) => refuseAddress(url),
};

const TLS = { ssl_mode: "ssl_mode", sslca: "sslca", ssl_ca: "ssl_ca", socket: "socket" };

const MYSQL: Adapter = {
  keys: ["database", "username", "password", "host", "port", ...Object.keys(TLS)],
  hasDefaultHost: () => false,
  url: (values) => {
    const part = (key: string): string => encodeURIComponent(textOf(values, key) ?? "");
    const host = textOf(values, "host") ?? "localhost";
    const place = host.includes(":") ? `[${host}]` : encodeURIComponent(host);
    const port = part("port") === "" ? "" : `:${part("port")}`;
    return `mysql2://${part("username")}:${part("password")}@${place}${port}/${part("database")}?${queryOf(values, TLS)}`;
  },
  refuse: refuseMysqlAddress,
};

const ADAPTERS: Readonly<Record<string, Adapter>> = {
  postgresql: POSTGRES,
  postgis: POSTGRES,
  mysql2: MYSQL,
  trilogy: MYSQL,
};

function queryOf(values: Values, names: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(names).flatMap(([key, name]) => {
    const value = textOf(values, key);
    return value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`];
  });
  return pairs.join("&");
}

/** Whether a value's text is the same in Ruby. */
function isWritten(value: unknown): boolean {
  return typeof value === "string" || Number.isSafeInteger(value);
}

/** A value as text; one that is empty counts as none. */
function textOf(values: Values, key: string): string | undefined {
  const value = values[key];
  const text = typeof value === "string" || typeof value === "number" ? String(value) : "";
  return text === "" ? undefined : text;
}
