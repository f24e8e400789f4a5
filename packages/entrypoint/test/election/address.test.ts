import { describe, expect, it } from "vitest";

import { readMysqlAddress } from "../../src/election/mysql/address.ts";
import { postgresAddress, readAddress } from "../../src/election/postgres/address.ts";
import { refuseAddress } from "../../src/election/postgres/refuse-address.ts";
import { refuseS3Address } from "../../src/election/s3/address.ts";

describe("a database's address", () => {
  it.each([
    ["postgres://app:pw@db/shop", "db:5432/shop"],
    ["postgres://app:pw@db:6543/shop?sslmode=require", "db:6543/shop"],
    ["postgres://app:pw@[::1]:6543/shop", "[::1]:6543/shop"],
    ["postgres://app:pw@/shop?host=/var/run/postgresql", "/var/run/postgresql:5432/shop"],
    ["postgres://app:pw@/shop?host=/dir&port=5433", "/dir:5433/shop"],
    ["postgres:///shop?host=/dir&port=5433", "/dir:5433/shop"],
    ["postgres://app:pw@%2Fdir/shop", "/dir:5432/shop"],
    ["postgres://app:pw@:6543/shop", "localhost:6543/shop"],
    ["postgres://app:pw@/shop", "localhost:5432/shop"],
    ["postgis://db", "db:5432"],
  ])("of %s is printed as %s", (url, shown) => {
    expect(postgresAddress(url)).toBe(shown);
  });

  it("is read with its encoded characters decoded, and completed from the environment", () => {
    const env = { PGHOST: "elsewhere", PGPORT: "1", PGSSLMODE: "verify-full" };
    expect(readAddress("postgres://a%40b:p%2Fw%25@/s%20hop", env)).toMatchObject({
      host: "elsewhere",
      port: 1,
      user: "a@b",
      password: "p/w%",
      database: "s hop",
      sslmode: "verify-full",
    });
    expect(readAddress("postgres://db:2/shop?sslmode=allow", env)).toMatchObject({
      host: "db",
      port: 2,
      sslmode: "allow",
    });
  });

  it.each([
    [{ PGPORT: "abc" }, "PGPORT is not a number up to 65535"],
    [{ PGHOST: "db,other" }, "PGHOST names several, which are not tried in turn"],
    [{ PGSSLMODE: "required" }, "PGSSLMODE is none of disable, allow"],
    [{ PGCHANNELBINDING: "yes" }, "PGCHANNELBINDING is none of disable, prefer, require"],
    [{ PGTARGETSESSIONATTRS: "read-write" }, "PGTARGETSESSIONATTRS asks for what is not held to here"],
  ])("is refused for what the environment adds to it, %o", (env, said) => {
    expect(refuseAddress("postgres:///shop", env)).toContain(said);
    const complete = "postgres://db:1/shop?sslmode=allow&channel_binding=prefer&target_session_attrs=any";
    expect(refuseAddress(complete, env)).toBeUndefined();
  });
});

it("an election in S3 is refused for a server of the environment's that is none", () => {
  const said = "AWS_ENDPOINT_URL is not an http:// or https:// address";
  expect(refuseS3Address("s3://bucket/p", { AWS_ENDPOINT_URL: "minio:9000" })).toBe(said);
  expect(
    refuseS3Address("s3://bucket/p?endpoint=http://minio:9000", { AWS_ENDPOINT_URL: "minio:9000" }),
  ).toBeUndefined();
});

it("a word without a value in a MySQL address says nothing", () => {
  const address = readMysqlAddress("mysql2://db/shop?socket=&sslca=");
  expect(address).toMatchObject({ host: "db", socket: undefined, authority: undefined, tls: "preferred" });
});
