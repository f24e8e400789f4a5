import { isMarked } from "./erb.ts";

/** What `config/database.yml` and the environment say of one database: keys and values as Rails has them. */
export interface DatabaseConfiguration {
  readonly name: string;
  readonly values: Readonly<Record<string, unknown>>;
}

type Values = DatabaseConfiguration["values"];

/**
 * The databases of an environment whose tasks Rails carries out, with the addresses of the environment merged in:
 * `NAME_DATABASE_URL`, and `DATABASE_URL` for the primary one, go before what the file says, unless it has a `url`.
 * Source: `ActiveRecord::DatabaseConfigurations#build_configs` and `#merge_db_environment_variables` of Rails 8.1
 * @throws Error when a configuration is none
 */
export function configurationsOf(
  file: Values,
  railsEnv: string,
  env: Readonly<NodeJS.ProcessEnv>,
): readonly DatabaseConfiguration[] {
  return namedIn(file[railsEnv])
    .map(refuseMarks)
    .map(({ name, values }) => ({ name, values: merge(values, urlOf(name, env)) }))
    .filter(({ values }) => hasTasks(values));
}

function namedIn(section: unknown): readonly DatabaseConfiguration[] {
  if (section === undefined) return [{ name: "primary", values: {} }];
  if (typeof section === "string") return [{ name: "primary", values: { url: section } }];
  if (!isHash(section)) throw new Error("the section of this environment is neither a hash nor a URL");
  const entries = Object.entries(section);
  if (entries.some(([, value]) => !isHash(value))) return [{ name: "primary", values: withPlainKeys(section) }];
  return entries.map(([name, value]) => ({ name, values: withPlainKeys(value as Values) }));
}

/** What has to be known before anything can be asked. */
const DECISIVE = ["url", "adapter", "replica", "database_tasks", "migrations_paths"];

function refuseMarks(configuration: DatabaseConfiguration): DatabaseConfiguration {
  const { name, values } = configuration;
  const marked = DECISIVE.find((key) => [values[key]].flat().some((value) => isMarked(value)));
  if (marked !== undefined) throw new Error(`${name}.${marked} is Ruby that only Rails carries out`);
  return configuration;
}

function urlOf(name: string, env: Readonly<NodeJS.ProcessEnv>): string | undefined {
  return env[`${name.toUpperCase()}_DATABASE_URL`] ?? (name === "primary" ? env["DATABASE_URL"] : undefined);
}

function merge({ url, ...values }: Values, fromEnvironment: string | undefined): Values {
  const own = typeof url === "string" ? url : fromEnvironment;
  return own === undefined ? values : { ...values, ...partsOf(own) };
}

/** Protocols whose names are not those of their adapters. */
const ADAPTERS: Readonly<Record<string, string>> = { sqlite: "sqlite3", mysql: "mysql2", postgres: "postgresql" };

/** The parts of an address under Rails' names; the query goes before the rest, and what is empty is left out. */
function partsOf(url: string): Values {
  const [, scheme = "", user, password, host, port, path = "", query = ""] =
    /^([a-z][a-z0-9+.-]*):\/\/(?:([^:@/?#]*)(?::([^@/?#]*))?@)?(\[[^\]]*\]|[^:/?#]*)(?::(\d*))?(\/[^?#]*)?(?:\?([^#]*))?$/i.exec(
      url,
    ) ?? [];
  if (scheme === "") throw new Error("an address is no URL");
  const protocol = scheme.replaceAll("-", "_");
  const given = {
    adapter: ADAPTERS[protocol] ?? protocol,
    username: user,
    password,
    host: host?.replace(/^\[(.*)\]$/, "$1"),
    port,
    database: path.replace(/^\//, ""),
    ...Object.fromEntries(query.split("&").map((pair) => splitOnce(pair))),
  };
  const filled = Object.entries(given).filter(([, value]) => value !== undefined && value.trim() !== "");
  return Object.fromEntries(filled.map(([key, value = ""]) => [key, booleanOf(key, decoded(value))]));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    throw new Error("a % in an address begins no encoded character", { cause });
  }
}

function splitOnce(pair: string): readonly [string, string] {
  const at = pair.indexOf("=");
  return at === -1 ? [pair, ""] : [pair.slice(0, at), pair.slice(at + 1)];
}

function booleanOf(key: string, value: string): string | boolean {
  return key === "replica" || key === "database_tasks" ? value !== "false" : value;
}

function hasTasks({ replica, database_tasks: tasks = true }: Values): boolean {
  return !isTruthy(replica) && isTruthy(tasks);
}

/** As Ruby sees it. */
function isTruthy(value: unknown): boolean {
  return value !== undefined && value !== null && value !== false;
}

/** Ruby's symbols are YAML's strings with a colon. */
function withPlainKeys(values: Values): Values {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key.replace(/^:/, ""), value]));
}

function isHash(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
