import { describe, expect, it } from "vitest";

import { postgresAddress, readAddress } from "../../src/election/postgres/address.ts";

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
});
