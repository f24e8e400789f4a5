import { chmod } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";

import { freePort, startProgram, tempTree, until } from "@slipway/testkit";

/** How a pool is made. */
export interface PoolOptions {
  readonly mode: string;
  /** How clients log in; `any`: with no password. */
  readonly login?: string;
}

/** A PgBouncer before a server, ended when the `await using` scope ends. */
export async function startPgBouncer(
  server: string,
  { mode, login = "any" }: PoolOptions,
): Promise<AsyncDisposable & { readonly url: string }> {
  const { hostname, port, username, password, pathname } = new URL(server);
  const own = await freePort();
  const tree = await tempTree();
  await chmod(tree.path, 0o777);
  const database = pathname.slice(1);
  await tree.write({
    "users.txt": `"${username}" "${password}"\n`,
    "pgbouncer.ini": `[databases]
${database} = host=${hostname} port=${port} dbname=${database} user=${username} password=${password}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${String(own)}
unix_socket_dir =
auth_type = ${login}
auth_file = ${join(tree.path, "users.txt")}
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

function canConnect(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port });
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}
