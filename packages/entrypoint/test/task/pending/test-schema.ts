import { randomBytes } from "node:crypto";

import { outputOf, serviceVariable, type ServiceName } from "@slipway/testkit";

/** A database of its own whose versions can be set. */
export interface TestSchema extends AsyncDisposable {
  readonly url: string;
  /** Records versions, in a table that is made when it is not there. */
  apply(versions: readonly string[]): void;
  /** What a query finds, a line each. */
  query(statement: string): readonly string[];
  drop(): void;
}

/** A kind of database server: what it needs, and how a database on it is made. */
export interface SchemaKind {
  readonly name: string;
  readonly needs: ServiceName;
  readonly make: () => TestSchema;
}

export const SCHEMA_KINDS: readonly SchemaKind[] = [
  { name: "PostgreSQL", needs: "postgres", make: () => testSchema("TEST_DATABASE_URL", psql) },
  { name: "MySQL", needs: "mysql", make: () => testSchema("TEST_MYSQL_URL", mysql) },
];

type Client = (at: URL, statement: string) => string;

/** An empty database. */
function testSchema(variable: string, sql: Client): TestSchema {
  const server = new URL(serviceVariable(variable));
  const name = `slipway_test_${randomBytes(6).toString("hex")}`;
  const url = new URL(server);
  url.pathname = `/${name}`;
  sql(server, `create database ${name}`);
  return {
    url: url.href,
    apply: (versions) => {
      const values = versions.map((version) => `('${version}')`).join(", ");
      sql(url, `create table if not exists schema_migrations (version varchar(255) primary key)`);
      sql(url, `insert into schema_migrations values ${values}`);
    },
    query: (statement) => sql(url, statement).split("\n").filter(Boolean),
    drop: () => void sql(server, `drop database ${name}`),
    [Symbol.asyncDispose]: async () => void sql(server, `drop database if exists ${name}`),
  };
}

function psql(at: URL, statement: string): string {
  return outputOf("psql", ["-qXAt", at.href, "-c", statement]);
}

function mysql(at: URL, statement: string): string {
  const args = ["-h", at.hostname, "-P", at.port, "-u", at.username, "-NB", at.pathname.slice(1), "-e", statement];
  const env = { ...process.env, MYSQL_PWD: decodeURIComponent(at.password) };
  return outputOf("mysql", args, { env });
}
