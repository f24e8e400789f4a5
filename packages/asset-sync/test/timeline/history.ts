import { sha256 } from "../../src/scan/digest.ts";

/** Numbers from 0 to below 1, the same for the same seed. */
export type Chance = () => number;

export function chance(seed: number): Chance {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A release: what its pages name, by logical name. */
export interface Release {
  readonly id: string;
  /** Fingerprinted key and content of each logical name. */
  readonly assets: ReadonlyMap<string, { readonly key: string; readonly content: string }>;
}

export type Step =
  /** Builds are made, at once where there are several, and then rolled out one after the other. */
  | { readonly kind: "deploy"; readonly at: number; readonly releases: readonly Release[] }
  /** A collection, as a job of its own; with `build` at the very time of the next deploy's build. */
  | { readonly kind: "collect"; readonly at: number; readonly during: "nothing" | "rollout" | "build" | "killed" }
  /** Somebody looks at pages. */
  | { readonly kind: "view"; readonly at: number };

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const DEPLOYS = 200;
const MODULES = 24;
const ENTRY = "application";

/** 200 deploys in some hundred days, with rollbacks and builds at once, collections and views between them. */
export function history(seed: number): readonly Step[] {
  const random = chance(seed);
  const steps: Step[] = [];
  const built: Release[] = [];
  let versions: ReadonlyMap<string, number> = new Map(Array.from({ length: MODULES }, (_, n) => [`module${n}`, 0]));
  let at = Date.UTC(2026, 0, 1);
  const next = (): Release => {
    versions = changed(versions, random);
    const release = makeRelease(`v${built.length + 1}`, versions);
    built.push(release);
    return release;
  };
  for (let deploy = 0; deploy < DEPLOYS; deploy += 1) {
    const kind = random();
    const back = built.at(-2 - Math.floor(random() * 5));
    if (kind < 0.06 && back !== undefined) steps.push({ kind: "deploy", at, releases: [back] });
    else if (kind < 0.16) steps.push({ kind: "deploy", at, releases: [next(), next()] });
    else steps.push({ kind: "deploy", at, releases: [next()] });
    // Busy hours, and the nights and days between them.
    const gap = 15 * MINUTE + (random() < 0.7 ? random() * HOUR : 6 * HOUR + random() * 40 * HOUR);
    for (let view = 0; view < 3; view += 1) steps.push({ kind: "view", at: at + gap * random() });
    if (random() < 0.5) {
      const during = (["nothing", "rollout", "build", "killed"] as const)[Math.floor(random() * 4)] ?? "nothing";
      steps.push({ kind: "collect", at: at + gap * random(), during });
    }
    // Now and then nobody deploys for weeks.
    at += random() < 0.02 ? 35 * DAY : gap;
  }
  return steps.toSorted((left, right) => left.at - right.at);
}

/**
 * The entry changes with whatever it loads; one to four modules get new content, which is now and then what they had
 * before; one may come or go.
 */
function changed(versions: ReadonlyMap<string, number>, random: Chance): ReadonlyMap<string, number> {
  const now = new Map(versions);
  const names = [...now.keys()].filter((name) => name !== ENTRY);
  now.set(ENTRY, (now.get(ENTRY) ?? 0) + 1);
  for (let change = 0; change < 1 + Math.floor(random() * 4); change += 1) {
    const name = names[Math.floor(random() * names.length)] ?? "";
    const version = now.get(name) ?? 0;
    now.set(name, random() < 0.15 ? Math.max(0, version - 1) : version + 1);
  }
  if (random() < 0.1) now.delete(names[Math.floor(random() * names.length)] ?? "");
  if (random() < 0.1) now.set(`module${Math.floor(random() * 2 * MODULES)}`, 0);
  return now;
}

function makeRelease(id: string, versions: ReadonlyMap<string, number>): Release {
  const assets = [...versions].map(([name, version]) => {
    const content = `${name} version ${version}`;
    return [name, { key: `assets/${name}-${sha256(Buffer.from(content)).slice(0, 20)}.js`, content }] as const;
  });
  return { id, assets: new Map(assets) };
}
