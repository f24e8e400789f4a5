import { createSocket, type Socket } from "node:dgram";
import { connect, createServer } from "node:net";
import { dirname } from "node:path";

import { freePort, lookUpServices, serviceVariable, startProgram } from "@slipway/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { buildProgram, type BuiltProgram } from "../bundle.ts";
import { bootContainer, HARD, type ContainerOptions } from "./boot-container.ts";

const services = lookUpServices("docker", "postgres");

let built: BuiltProgram;
beforeAll(async () => {
  built = await buildProgram();
});
afterAll(async () => built[Symbol.asyncDispose]());

function boot(definition: object, flags: readonly string[], options: ContainerOptions = {}) {
  return bootContainer(built, definition, ["--init", ...flags], options);
}

/** Answers every question for an address with 127.0.0.1, after a while. */
async function slowDns(address: string, afterMs: number): Promise<Socket> {
  const server = createSocket("udp4");
  server.on("message", (query, from) => {
    const question = query.subarray(12, query.indexOf(0, 12) + 5);
    const isAddress = question.readUInt16BE(question.length - 4) === 1;
    const head = Buffer.concat([
      query.subarray(0, 2),
      Buffer.from([0x81, 0x80, 0, 1, 0, isAddress ? 1 : 0, 0, 0, 0, 0]),
    ]);
    const record = isAddress ? Buffer.from([0xc0, 0x0c, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 127, 0, 0, 1]) : Buffer.alloc(0);
    setTimeout(() => server.send(Buffer.concat([head, question, record]), from.port, from.address), afterMs).unref();
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.bind(53, address, resolve);
  });
  return server;
}

describe.skipIf(!services.available)("a container boots", () => {
  it("without a network, when nothing is waited for", async () => {
    await using start = await boot({ tasks: [{ task: "run", run: ["true"] }] }, ["--network", "none", ...HARD]);
    expect(await start.end()).toMatchObject({ code: 0, stdout: "APP\n" });
  });

  it("without a network with 125 and the resolver's word, when something is", async () => {
    const wait = { task: "wait-for", url: "postgres://app:s3cret@db.example/shop", deadline: "2s" };
    await using start = await boot({ tasks: [wait] }, ["--network", "none"]);
    const { code, stdout, stderr } = await start.end();
    expect({ code, stdout }).toEqual({ code: 125, stdout: "" });
    expect(stderr).toMatch(/PostgreSQL db.example:5432\/shop was not ready within 2 s: .*(EAI_AGAIN|ENOTFOUND)/);
    expect(stderr).not.toContain("s3cret");
  });

  it("with secrets, on a read-only root, as a user with no passwd entry and no capabilities", async () => {
    const definition = { secretFiles: ["KEY"], tasks: [{ task: "run", run: ["sh", "-c", 'echo "key $KEY"'] }] };
    await using start = await boot(definition, [...HARD, "--network", "none", "-e", "KEY_FILE=/etc/debian_version"]);
    const { code, stdout, stderr } = await start.end();
    expect({ code, stdout, stderr }).toMatchObject({ code: 0, stdout: "key ***\nAPP\n" });
  });

  it("as PID 1 without an init, and doctor says so", async () => {
    const flags = [...HARD, "--network", "none", "-v", `${dirname(built.file)}:/bundle:ro`];
    const command = ["node:24-trixie-slim", "/bundle/entrypoint.cjs", "doctor"];
    await using program = startProgram("docker", ["run", "--rm", ...flags, ...command]);
    await program.ended;
    expect(program.stdout()).toMatch(/^note +init +PID 1, and there is no tini/m);
    expect(program.stdout()).toMatch(/^ok +user +4242, which no passwd entry names/m);
    expect(program.stdout()).toMatch(/^ok +root +read-only/m);
  });

  it("when the name of its database is answered after 20 s", async () => {
    const server = await slowDns("127.53.53.53", 20_000);
    const url = new URL(serviceVariable("TEST_DATABASE_URL"));
    url.hostname = "slow.example";
    const definition = { tasks: [{ task: "wait-for", url: "${URL}" }] };
    const resolv = "nameserver 127.53.53.53\noptions timeout:30 attempts:1\n";
    await using start = await boot(definition, ["--network", "host", ...HARD], { resolv, url: url.href });
    const { code, stdout, stderr } = await start.end();
    server.close();
    expect({ code, stdout, stderr }).toMatchObject({ code: 0, stdout: "APP\n" });
    expect(stderr).toMatch(/still waiting for PostgreSQL slow.example:\d+\/\w+ after \d+ s: no answer yet/);
    expect(stderr).toMatch(/PostgreSQL slow.example:\d+\/\w+: ready \([23]\d s\)/);
  });

  it("when its database comes up after half a minute", async () => {
    const real = new URL(serviceVariable("TEST_DATABASE_URL"));
    const proxy = createServer((socket) => {
      const upstream = connect(Number(real.port), real.hostname);
      socket.pipe(upstream).pipe(socket);
      for (const end of [socket, upstream]) end.on("error", () => (socket.destroy(), upstream.destroy()));
    });
    const port = await freePort();
    const url = new URL(real);
    url.port = String(port);
    const definition = { tasks: [{ task: "wait-for", url: "${URL}" }] };
    await using start = await boot(definition, ["--network", "host", ...HARD], { url: url.href });
    for (const seconds of ["1", "2", "3"]) {
      await start.program.says(new RegExp(`still waiting for PostgreSQL .* after ${seconds}\\d s: .*ECONNREFUSED`));
    }
    await new Promise<void>((resolve) => proxy.listen(port, "127.0.0.1", resolve));
    const { code, stdout, stderr } = await start.end();
    proxy.close();
    expect({ code, stdout }).toEqual({ code: 0, stdout: "APP\n" });
    expect(stderr).toMatch(/PostgreSQL .*: ready \(3\d s\)/);
  });
});
