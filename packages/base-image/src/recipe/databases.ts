/** A database a Rails application talks to through a C library. */
export type Database = "mysql" | "postgresql" | "sqlite";

/** The library a gem loads, and the headers it is compiled with. The clients themselves are many times larger. */
export const DATABASES: Readonly<Record<Database, { readonly runtime: string; readonly headers: string }>> = {
  mysql: { runtime: "libmariadb3", headers: "libmariadb-dev" },
  postgresql: { runtime: "libpq5", headers: "libpq-dev" },
  sqlite: { runtime: "libsqlite3-0", headers: "libsqlite3-dev" },
};
