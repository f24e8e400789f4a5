import { expect, it } from "vitest";

import { connectionError } from "../../src/election/postgres/connection.ts";
import { ElectionLost } from "../../src/election/store.ts";

const URL_OF_SHOP = "postgres://app:s3cret@db/shop";

it.each([
  ["28P01", "ENTRYPOINT_DATABASE_LOGIN"],
  ["28000", "ENTRYPOINT_DATABASE_LOGIN"],
  ["3D000", "ENTRYPOINT_DATABASE_MISSING"],
  ["42501", "ENTRYPOINT_ELECTION_REFUSED"],
])("takes SQLSTATE %s for %s", (code, expected) => {
  const error = connectionError(Object.assign(new Error("refused"), { code }), URL_OF_SHOP);
  expect(error).toMatchObject({ code: expected, message: "PostgreSQL at db:5432/shop refused: refused" });
});

it("takes a broken network for a lost election, and leaves a bug of ours what it is", () => {
  expect(connectionError(new Error("read ECONNRESET"), URL_OF_SHOP)).toBeInstanceOf(ElectionLost);
  const bug = new TypeError("undefined is not a function");
  expect(connectionError(bug, URL_OF_SHOP)).toBe(bug);
});
