import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";

import { serviceVariable } from "@slipway/testkit";

/** A database of its own whose versions can be set. */
export interface TestSchema extends AsyncDisposable {
  readonly url: string;
  /** Records versions, in a table that is made when it is not there. */
  apply(versions: readonly string[]): void;
}

/** An empty database on a server of that kind. */
export async function testSchema(): Promise<TestSchema> {
  const server = new URL(serviceVariable("TEST_DATABASE_URL"));
  const name = `slipway_test_${randomBytes(6).toString("hex")}`;
  const url = new URL(server);
  url.pathname = `/${name}`;
  psql(server, `create database ${name}`);
  return {
    url: url.href,
    apply: (versions) => {
      const values = versions.map((version) => `('${version}')`).join(", ");
      psql(url, `create table if not exists schema_migrations (version varchar(255) primary key)`);
      psql(url, `insert into schema_migrations values ${values}`);
    },
    [Symbol.asyncDispose]: async () => psql(server, `drop database ${name}`),
  };
}

function psql(at: URL, statement: string): void {
  mustEnd(spawnSync("psql", ["-qX", at.href, "-c", statement], { encoding: "utf8" }));
}

function mustEnd({ status, stderr }: { readonly status: number | null; readonly stderr: string }): void {
  if (status !== 0) throw new Error(stderr);
}
