import { createHash } from "node:crypto";

import type { DoubleObject } from "@slipway/testkit";

import type { AdoptOptions } from "../../src/adopt/adopt.ts";
import { encodeLedger } from "../../src/ledger/format.ts";
import type { Ledger } from "../../src/ledger/ledger.ts";
import { BUCKET, type SyncFixture } from "../sync/fixture.ts";

/** As the gem asset_sync leaves an object: no charset, a cache header without `immutable`, perhaps public. */
export function gemObject(
  text: string | Buffer,
  headers: Readonly<Record<string, string>>,
  acl?: string,
): DoubleObject {
  const body = Buffer.from(text);
  const etag = createHash("md5").update(body).digest("hex");
  return { body, etag, headers, ...(acl === undefined ? {} : { acl }) };
}

export const YEAR = { "cache-control": "public, max-age=31557600" };

export function fill({ double }: SyncFixture, objects: Readonly<Record<string, DoubleObject>>): void {
  for (const [key, object] of Object.entries(objects)) double.objects(BUCKET).set(`pre/${key}`, object);
}

export async function ledgerObject(ledger: Ledger): Promise<DoubleObject> {
  return gemObject(await encodeLedger(ledger), {});
}

export const adoptionOf = (world: SyncFixture, more: Partial<AdoptOptions> = {}): AdoptOptions => ({
  target: world.options().target,
  folders: ["assets"],
  headers: [],
  fix: false,
  write: false,
  objects: {},
  ...more,
});
