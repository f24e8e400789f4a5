import { afterEach, describe, expect, it, vi } from "vitest";

import { openDouble } from "./double-store.ts";
import { putRequest } from "./store-contract.ts";

afterEach(() => vi.unstubAllEnvs());

describe("a clock that is wrong", () => {
  it.each([-3_600_000, 86_400_000])(
    "by %d ms is corrected by the endpoint's, for writing and reading",
    async (ahead) => {
      await using opened = await openDouble({ clockAhead: ahead });
      expect((await opened.store.put(putRequest("a", "1"))).outcome).toBe("stored");
      expect(opened.counter.counts().put).toBe(2);
      expect((await opened.store.get("a"))?.body.toString()).toBe("1");
      expect((await opened.store.put(putRequest("b", "1"))).outcome).toBe("stored");
      expect(opened.counter.counts()).toMatchObject({ put: 3, get: 1 });
    },
  );
});

describe("a clock that changes in mid-run", () => {
  it("is signed with again when this machine's is put right", async () => {
    await using opened = await openDouble({ clockAhead: -3_600_000 });
    await opened.store.put(putRequest("a", "1"));
    opened.double.turnClock(0);
    expect((await opened.store.put(putRequest("b", "1"))).outcome).toBe("stored");
    expect((await opened.store.get("b"))?.body.toString()).toBe("1");
    expect(opened.counter.counts()).toMatchObject({ put: 4, get: 1 });
  });

  it("is believed again after one answer with a wrong date", async () => {
    await using opened = await openDouble();
    const headers = { date: new Date(Date.now() + 3_600_000).toUTCString() };
    const fault = { kind: "answer", status: 500, code: "InternalError", headers } as const;
    opened.double.fail({ fault, matches: () => true, times: 1 });
    expect((await opened.store.put(putRequest("a", "1"))).outcome).toBe("stored");
    expect(opened.counter.counts().put).toBe(3);
  });

  it("is not moved by one answer with a wrong date among others, but by two that agree", async () => {
    await using opened = await openDouble();
    const headers = { date: new Date(Date.now() + 3_600_000).toUTCString() };
    const fault = { kind: "answer", status: 500, code: "InternalError", headers } as const;
    await opened.store.put(putRequest("a", "1"));
    opened.double.fail({ fault, matches: () => true, times: 1 });
    await opened.store.put(putRequest("b", "1"));
    expect(opened.counter.counts().put).toBe(1 + 2);
    opened.double.fail({ fault, matches: () => true, times: 2 });
    await opened.store.put(putRequest("c", "1"));
    // The third is signed with what two have told, and refused with the right time.
    expect(opened.counter.counts().put).toBe(1 + 2 + 4);
  });

  it("is not what is wrong where the endpoint complains of the time that it tells", async () => {
    await using opened = await openDouble({ clockAhead: 3_600_000 });
    await opened.store.put(putRequest("a", "1"));
    opened.double.fail({ fault: { kind: "answer", status: 403, code: "RequestTimeTooSkewed" }, matches: () => true });
    const put = opened.store.put(putRequest("b", "1"));
    await expect(put).rejects.toMatchObject({ code: "ASSET_SYNC_CREDENTIALS_REFUSED" });
    expect(opened.counter.counts().put).toBe(3);
  });
});
