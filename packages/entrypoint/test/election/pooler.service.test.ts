import { chmod } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { join } from "node:path";

import { lookUpServices, startProgram, tempTree, until } from "@slipway/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { buildProgram, type BuiltProgram } from "../bundle.ts";
import { testDatabase } from "../database.ts";

let built: BuiltProgram;
beforeAll(async () => {
  built = await buildProgram();
});
afterAll(async () => built[Symbol.asyncDispose]());

describe.skipIf(!lookUpServices("postgres", "pgbouncer").available)("an election behind PgBouncer", () => {
  it.each([
    ["transaction", 125, "ENTRYPOINT_ELECTION_POOLED"],
    ["statement", 125, "ENTRYPOINT_ELECTION_POOLED"],
    ["session", 0, "run here"],
  ])("in %s mode ends with %i and says %s", async (mode, code, said) => {
    await using stack = new AsyncDisposableStack();
    const database = stack.use(await testDatabase());
    const url = stack.use(await startPgBouncer(database.url, mode)).url;
    const task = { task: "migrate", run: ["true"], election: url, deadline: "20s" };
    const folder = stack.use(await tempTree({ "entrypoint.json": JSON.stringify({ tasks: [task] }) }));
    for (let round = 0; round < 3; round += 1) {
      const env = { ...process.env, ENTRYPOINT_RELEASE: `r${String(round)}` };
      const args = [built.file, "run", "--", "echo", "APP"];
      const program = stack.use(startProgram(process.execPath, args, { cwd: folder.path, env }));
      expect((await program.ended).code).toBe(code);
      expect(program.stderr()).toContain(said);
    }
  });
});

async function startPgBouncer(server: string, mode: string) {
  const { hostname, port, username, password, pathname } = new URL(server);
  const own = await freePort();
  const tree = await tempTree();
  await chmod(tree.path, 0o777);
  const database = pathname.slice(1);
  await tree.write({
    "pgbouncer.ini": `[databases]
${database} = host=${hostname} port=${port} dbname=${database} user=${username} password=${password}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${String(own)}
unix_socket_dir =
auth_type = any
pool_mode = ${mode}
ignore_startup_parameters = extra_float_digits
`,
  });
  // It refuses to run as root.
  const args = ["--user", "nobody", "--", "pgbouncer", join(tree.path, "pgbouncer.ini")];
  const isRoot = process.getuid?.() === 0;
  const program = isRoot
    ? startProgram("runuser", ["-u", "nobody", ...args.slice(2)])
    : startProgram("pgbouncer", args.slice(4));
  await until("PgBouncer listens", () => canConnect(own));
  const url = new URL(server);
  url.host = `127.0.0.1:${String(own)}`;
  return {
    url: url.href,
    [Symbol.asyncDispose]: async () => {
      await program[Symbol.asyncDispose]();
      await tree[Symbol.asyncDispose]();
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 0;
}

function canConnect(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port });
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}
