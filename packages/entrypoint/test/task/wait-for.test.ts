import { createServer, type Server } from "node:http";
import { connect, createServer as createTcpServer } from "node:net";
import { join } from "node:path";

import { freePort, startProgram, tempTree } from "@slipway/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { backOff } from "../../src/process/patience.ts";
import { buildProgram, type BuiltProgram } from "../bundle.ts";

let built: BuiltProgram;
beforeAll(async () => {
  built = await buildProgram();
});
afterAll(async () => built[Symbol.asyncDispose]());

async function start(url: string, deadline: string) {
  const folder = await tempTree({
    "entrypoint.json": JSON.stringify({ tasks: [{ task: "wait-for", url, deadline }] }),
  });
  const program = startProgram(process.execPath, [built.file, "run", "--", "echo", "APP"], { cwd: folder.path });
  return {
    ...program,
    folder: folder.path,
    [Symbol.asyncDispose]: async () => {
      await program[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

async function httpServer(statuses: readonly number[]): Promise<{ url: string; server: Server; asked: () => number }> {
  let asked = 0;
  const server = createServer((_, response) => {
    response.writeHead(statuses[Math.min(asked, statuses.length - 1)] ?? 500).end();
    asked += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return { url: `http://user:hidden@127.0.0.1:${String(port)}/up?key=hidden`, server, asked: () => asked };
}

describe("http", () => {
  it("asks until it is answered with success", async () => {
    const { url, server, asked } = await httpServer([503, 404, 200]);
    await using program = await start(url, "100s");
    expect((await program.ended).code).toBe(0);
    expect(asked()).toBe(3);
    server.close();
  });

  it("takes a scheme in capitals", async () => {
    await using program = await start("HTTPS://127.0.0.1:9/", "2s");
    expect((await program.ended).code).toBe(125);
    expect(program.stderr()).toContain("was not ready within 2 s: connect ECONNREFUSED");
  });

  it("gives up at the deadline with the last reason and no credentials", async () => {
    const { url, server } = await httpServer([503]);
    await using program = await start(url, "2s");
    expect((await program.ended).code).toBe(125);
    expect(program.stderr()).toMatch(
      /http:\/\/127.0.0.1:\d+\/up was not ready within 2 s: answered 503, expected 200 to 299/,
    );
    expect(program.stderr()).not.toContain("hidden");
    server.close();
  });
});

describe("tcp", () => {
  it("waits for a port that is opened later", async () => {
    const port = await freePort();
    await using program = await start(`tcp://127.0.0.1:${String(port)}`, "100s");
    await program.says(/still waiting for tcp 127.0.0.1:\d+ after .*ECONNREFUSED/);
    const later = createTcpServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => later.listen(port, "127.0.0.1", resolve));
    expect((await program.ended).code).toBe(0);
    await new Promise((resolve) => later.close(resolve));
    await expect(
      new Promise((resolve, reject) => connect(port, "127.0.0.1").once("error", reject).once("connect", resolve)),
    ).rejects.toThrow("ECONNREFUSED");
  });

  it("says that a name cannot be resolved", async () => {
    await using program = await start("tcp://no-such-host.invalid:1", "60s");
    await program.says(/still waiting for tcp no-such-host.invalid:1 after .*: getaddrinfo/);
    program.kill("SIGTERM");
    expect((await program.ended).code).toBe(143);
  });
});

describe("file", () => {
  it("waits for a file that appears later", async () => {
    await using folder = await tempTree();
    await using program = await start(`file://${join(folder.path, "ready")}`, "100s");
    await program.says("no such file");
    await folder.write({ ready: "" });
    expect((await program.ended).code).toBe(0);
    expect(program.stdout()).toBe("APP\n");
  });
});

describe("postgres", () => {
  it("ends with 125 for a server that is not there, naming the address and never the password", async () => {
    await using program = await start("postgres://app:s3cret@127.0.0.1:1/shop?sslmode=disable", "2s");
    expect(await program.ended).toEqual({ code: 125, signal: null });
    expect(program.stderr()).toContain("PostgreSQL 127.0.0.1:1/shop was not ready within 2 s");
    expect(program.stderr()).toContain("ECONNREFUSED");
    expect(program.stderr()).not.toContain("s3cret");
    expect(program.stdout()).toBe("");
  });

  it("does not take an open port for a database", async () => {
    const server = createTcpServer((socket) => socket.end());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    await using program = await start(`postgres://127.0.0.1:${String(port)}/shop`, "2s");
    expect((await program.ended).code).toBe(125);
    server.close();
  });
});

it("waits longer each time, up to two seconds, and never as long as another container", () => {
  const full = [1, 2, 3, 4, 5, 6, 7, 40].map((attempt) => backOff(attempt, () => 1));
  expect(full).toEqual([50, 100, 200, 400, 800, 1600, 2000, 2000]);
  expect(backOff(3, () => 0)).toBe(100);
});
