import type { Pins } from "../stage/pins.ts";

/** What becomes of the pin of one image. */
export interface PinChange {
  readonly image: string;
  readonly change: "added" | "moved" | "kept" | "dropped";
  readonly before?: string;
  readonly after?: string;
}

/** The images whose digest has to be asked for: all of them for an update, else those without a pin. */
export function imagesToResolve(images: readonly string[], pins: Pins, update: boolean): readonly string[] {
  return update ? images : images.filter((image) => !pins.has(image));
}

/** What becomes of every pin: those of images that are used no more are dropped. Pure. */
export function planLock(images: readonly string[], pins: Pins, resolved: Pins): readonly PinChange[] {
  const kept = images.map((image): PinChange => {
    const before = pins.get(image);
    const after = resolved.get(image) ?? before;
    const change = before === undefined ? "added" : before === after ? "kept" : "moved";
    return { image, change, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) };
  });
  const dropped = [...pins].filter(([image]) => !images.includes(image));
  return [...kept, ...dropped.map(([image, before]): PinChange => ({ image, change: "dropped", before }))];
}

/** The pins after the changes. */
export function pinsAfter(changes: readonly PinChange[]): Pins {
  return new Map(changes.flatMap(({ image, after }) => (after === undefined ? [] : [[image, after] as const])));
}
