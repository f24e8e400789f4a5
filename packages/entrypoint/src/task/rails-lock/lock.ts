import { crc32 } from "node:zlib";

/** Rails multiplies this with the CRC32 of the database's name (`ActiveRecord::Migrator::MIGRATOR_SALT`). */
const MIGRATOR_SALT = 2_053_462_845n;

/** The lock that Rails takes for migrations of a database: PostgreSQL's key as 64 bits, MySQL's name in digits. */
export function railsLockKey(database: string): bigint {
  return MIGRATOR_SALT * BigInt(crc32(database));
}

/** A session that holds Rails' migration lock. What another role does is hidden from a plain user. */
export interface LockHolder {
  /** How the server knows the session: `pid 17`, `id 17`. */
  readonly session: string;
  readonly address: string | null;
  readonly query: string | null;
  readonly seconds: number | null;
}

/** What a database says before Rails migrates it. */
export interface LockState {
  readonly holder: LockHolder | undefined;
  /** Whether the server takes the option that ends the statement of a client that is gone; `undefined`: it has none. */
  readonly checksClients: boolean | undefined;
}

/** The holder in one line. */
export function describeHolder(holder: LockHolder): string {
  const from = holder.address === null ? "" : ` from ${holder.address}`;
  const age = holder.seconds === null ? "" : ` for ${String(Math.round(holder.seconds))} s`;
  const query =
    holder.query === null || holder.query === "" ? "" : `: ${holder.query.replace(/\s+/g, " ").slice(0, 200)}`;
  return `Rails' migration lock is held by the session with ${holder.session}${from}${age}${query}`;
}
