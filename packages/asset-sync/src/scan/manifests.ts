import { messageOf } from "../errors.ts";
import type { Finding } from "../events.ts";
import type { ReadFile } from "./digest.ts";
import type { Asking } from "./findings.ts";
import { hasAddedHash, namedFiles } from "./manifest-content.ts";
import { isManifest } from "./manifest-file.ts";
import type { FoundFile } from "./walk.ts";

/** The most bytes of a manifest that are read for what it says. */
export const MANIFEST_BYTES: number = 32 * 1024 * 1024;

/** What all manifests of a build say together. */
export interface Named {
  /** Names that a manifest made from others by adding a hash. */
  readonly fingerprinted: ReadonlySet<string>;
  readonly asking: readonly Asking[];
  readonly findings: readonly Finding[];
}

/** Reads what manifests say. Pure. */
export function readManifests(manifests: ReadonlyMap<FoundFile, ReadFile>): Named {
  const fingerprinted = new Set<string>();
  const asking: Asking[] = [];
  const findings: Finding[] = [];
  for (const [{ key }, { end, size }] of manifests) {
    try {
      const named = size > MANIFEST_BYTES ? [] : namedFiles(key, end.toString("utf8"));
      asking.push({ by: key, keys: named.map((file) => file.key) });
      for (const file of named) if (hasAddedHash(file)) fingerprinted.add(file.key);
    } catch (error) {
      findings.push({ kind: "unreadable", file: key, reason: messageOf(error) });
    }
  }
  const isNamed = [...fingerprinted].filter((key) => isManifest(key));
  findings.push(...isNamed.map((file) => ({ kind: "no manifest", file }) as const));
  return { fingerprinted, asking: asking.filter(({ by }) => !fingerprinted.has(by)), findings };
}
