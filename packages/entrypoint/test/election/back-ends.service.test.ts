import { setTimeout as pause } from "node:timers/promises";
import { connect, createServer, type Socket } from "node:net";

import { lookUpServices, until, type ProgramEnd } from "@slipway/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { buildProgram, type BuiltProgram } from "../bundle.ts";
import { BACK_ENDS, type TestBackEnd } from "./back-ends.ts";
import { deploy, type Deployment } from "./deployment.ts";

let built: BuiltProgram;
beforeAll(async () => {
  built = await buildProgram();
});
afterAll(async () => built[Symbol.asyncDispose]());

const DONE: ProgramEnd = { code: 0, signal: null };

describe.each(BACK_ENDS)("an election held in $name", ({ needs, make }) => {
  describe.skipIf(!lookUpServices(...needs).available)("the contract", () => {
    it("lets one of fifty run the task, once, and all become the app", async () => {
      await using backEnd = await make();
      const more = { deadline: "180s" };
      await using release = await deploy(built.file, backEnd, { does: backEnd.note, takes: 1, more });
      const programs = Array.from({ length: 50 }, () => release.start());
      const ends = await Promise.all(programs.map((program) => program.ended));
      expect(ends.filter(({ code }) => code !== 0)).toEqual([]);
      expect(programs.filter((program) => program.stdout().includes("APP\n"))).toHaveLength(50);
      expect(await backEnd.count()).toBe(1);
      expect(await release.log()).toEqual(["begin", "end"]);
    });

    it("runs nothing again for a release that is done, and runs it for another", async () => {
      await using backEnd = await make();
      await using release = await deploy(built.file, backEnd, { does: backEnd.note });
      for (const id of ["r1", "r1", "r2", "r1"])
        expect(await release.start({ ENTRYPOINT_RELEASE: id }).ended).toEqual(DONE);
      expect(await backEnd.count()).toBe(2);
    });

    it("tells a failure to all that wait, and gives a release up after its tries", async () => {
      await using backEnd = await make();
      const does = "while [ ! -e go ]; do sleep 0.02; done; exit 7";
      await using release = await deploy(built.file, backEnd, { does, more: { tries: 2 } });
      const leader = release.start();
      await begun(release, 1);
      const follower = release.start();
      await follower.says('"type":"waiting"');
      await release.write({ go: "" });
      expect((await leader.ended).code).toBe(7);
      expect((await follower.ended).code).toBe(123);
      expect(follower.stdout()).toMatch(/has failed once, last in \S+: sh -c .* ended with 7/);
      const codes: (number | null)[] = [];
      for (let index = 0; index < 3; index += 1) codes.push((await release.start().ended).code);
      expect(codes).toEqual([7, 123, 123]);
      expect(await release.log()).toEqual(["begin", "begin"]);
    });

    it("hands on at once when a signal ends the leader", async () => {
      await using backEnd = await make();
      const does = `while [ ! -e go ]; do sleep 0.02; done; ${backEnd.note}`;
      await using release = await deploy(built.file, backEnd, { does, more: { lease: "60s", deadline: "50s" } });
      const leader = release.start();
      await begun(release, 1);
      const follower = release.start();
      await follower.says('"type":"waiting"');
      leader.kill("SIGTERM");
      expect((await leader.ended).code).toBe(143);
      await begun(release, 2);
      await release.write({ go: "" });
      expect(await follower.ended).toEqual(DONE);
      expect(await backEnd.count()).toBe(1);
    });

    it("completes once, and never twice at a time, wherever its leader is killed", { timeout: 900_000 }, async () => {
      const ends: unknown[] = [];
      const moments = Array.from({ length: KILLS }, () => Math.random() * 1_200);
      for (let index = 0; index < moments.length; index += AT_ONCE) {
        const group = moments.slice(index, index + AT_ONCE);
        ends.push(...(await Promise.all(group.map((moment) => killAt(moment, make)))));
      }
      expect(ends.filter((end) => JSON.stringify(end) !== JSON.stringify(WELL))).toEqual([]);
    });

    it.each(CUTS)("stops a leader that is cut off ($name) before another leads", async ({ cut }) => {
      await using backEnd = await make();
      if (backEnd.server === undefined) return;
      await using proxy = await startCutProxy(backEnd.server);
      await using release = await deploy(built.file, backEnd, {
        does: backEnd.noteOnce,
        takes: 6,
        more: { lease: "3s" },
      });
      const leader = release.start({ ELECTION_URL: through(backEnd.url, backEnd.server, proxy.host) });
      await begun(release, 1);
      proxy.cut(cut);
      const followers = [release.start(), release.start()];
      expect((await leader.ended).code).toBe(125);
      expect(leader.stdout()).toContain("ENTRYPOINT_ELECTION_LOST");
      expect(await Promise.all(followers.map(({ ended }) => ended))).toEqual([DONE, DONE]);
      expect(await backEnd.count()).toBe(1);
      expect(await release.log()).toEqual(["begin", "begin", "end"]);
    });
  });
});

const CUTS = [
  { name: "nothing passes", cut: "silence" },
  { name: "the server sees it go, it sees nothing", cut: "server" },
] as const;

/** How often a leader is killed for each back end, and how many of those at once. */
const KILLS = 100;
const AT_ONCE = 12;

const WELL = { codes: [0, 0], counted: 1, overlaps: 0 };

/** One deployment of three, whose first container is killed at a moment, in milliseconds after its start. */
async function killAt(moment: number, make: () => Promise<TestBackEnd>): Promise<object> {
  await using backEnd = await make();
  const work = { does: backEnd.noteOnce, takes: 0.4, more: { lease: "4s" } };
  await using release = await deploy(built.file, backEnd, work);
  const leader = release.start();
  await pause(Math.min(moment, 100));
  const followers = [release.start(), release.start()];
  await pause(Math.max(0, moment - 100));
  leader.kill("SIGKILL");
  await leader.ended;
  const codes = await Promise.all(followers.map(async ({ ended }) => (await ended).code));
  const overlaps = (await release.log()).filter((line) => line === "OVERLAP").length;
  const end = { codes, counted: await backEnd.count(), overlaps };
  const isWell = JSON.stringify(end) === JSON.stringify(WELL);
  return isWell ? end : { ...end, moment, said: followers.map((follower) => follower.stdout()) };
}

async function begun(release: Deployment, times: number): Promise<void> {
  await until(`the task was begun ${String(times)} times`, async () => (await release.log()).length === times);
}

/** An address that leads to the same place by way of another host. */
function through(url: string, server: string, host: string): string {
  return url.replace(server, host).replace(encodeURIComponent(server), encodeURIComponent(host));
}

interface CutProxy extends AsyncDisposable {
  readonly host: string;
  /** From now on nothing passes; with `server`, the connections to the server end, those to the clients do not. */
  cut(how: "silence" | "server"): void;
}

async function startCutProxy(server: string): Promise<CutProxy> {
  const { hostname, port } = new URL(`tcp://${server}`);
  const pairs = new Set<readonly [Socket, Socket]>();
  let cut: "silence" | "server" | undefined;
  const listener = createServer((client) => {
    const behind = connect({ host: hostname, port: Number(port) });
    pairs.add([client, behind]);
    client.on("error", () => undefined).on("data", (sent) => (cut === undefined ? behind.write(sent) : undefined));
    behind.on("error", () => undefined).on("data", (sent) => (cut === undefined ? client.write(sent) : undefined));
    client.on("close", () => behind.destroy());
    behind.on("close", () => (cut === undefined ? client.destroy() : undefined));
    if (cut === "server") behind.destroy();
  });
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const address = listener.address();
  return {
    host: `127.0.0.1:${String(typeof address === "object" && address !== null ? address.port : 0)}`,
    cut: (how) => {
      cut = how;
      if (how === "server") for (const [, behind] of pairs) behind.destroy();
    },
    [Symbol.asyncDispose]: async () => {
      for (const pair of pairs) for (const socket of pair) socket.destroy();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}
