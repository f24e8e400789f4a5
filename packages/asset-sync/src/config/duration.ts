import { AssetSyncError } from "../errors.ts";

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/**
 * The seconds that the words of a flag say: `90m`, `12h`, `7d`.
 *
 * @throws AssetSyncError ASSET_SYNC_OPTION_INVALID
 */
export function durationSeconds(flag: string, text: string): number {
  const [, number, unit = ""] = /^(\d{1,6})([smhdw])$/.exec(text) ?? [];
  const size = UNITS[unit];
  if (number !== undefined && size !== undefined) return Number(number) * size;
  throw new AssetSyncError(
    "ASSET_SYNC_OPTION_INVALID",
    `--${flag} ${JSON.stringify(text)}: expected a number with its unit, for example 90m, 12h or 7d.`,
  );
}
