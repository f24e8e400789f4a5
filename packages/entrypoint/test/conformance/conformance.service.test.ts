import { lookUpServices } from "@slipway/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { HAND_OVER_ITEMS } from "./hand-over-items.ts";
import { placeOf, type Item } from "./item.ts";
import { startLongContainer, type LongContainer } from "./long-container.ts";
import { MODES, SETTINGS } from "./modes.ts";
import { PROCESS_ITEMS } from "./process-items.ts";
import { SIGNAL_ITEMS } from "./signal-items.ts";

const services = lookUpServices("docker");

const ITEMS: readonly Item[] = [...HAND_OVER_ITEMS, ...SIGNAL_ITEMS, ...PROCESS_ITEMS].toSorted(
  (a, b) => a.item - b.item,
);

describe.skipIf(!services.available).each(SETTINGS)("$name", (setting) => {
  let container: LongContainer;
  beforeAll(async () => {
    container = await startLongContainer(setting);
  });
  afterAll(async () => container[Symbol.asyncDispose]());

  describe.each(MODES)("$name", (mode) => {
    for (const { item, title, unless, holds } of ITEMS) {
      const reason = unless?.(mode);
      const why = reason === undefined ? "" : ` (not here: ${reason})`;
      it.skipIf(reason !== undefined)(`${String(item)}. ${title}${why}`, async () => {
        expect.hasAssertions();
        await holds(placeOf(container, mode, setting));
      });
    }
  });
});

it("has a row for each of the 45 items", () => {
  const numbers = new Set(ITEMS.map(({ item }) => item));
  expect(Array.from({ length: 45 }, (_, index) => index + 1).filter((number) => !numbers.has(number))).toEqual([]);
});
