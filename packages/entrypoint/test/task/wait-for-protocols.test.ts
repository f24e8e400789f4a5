import { createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";

import { startProgram, tempTree } from "@slipway/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { buildProgram, type BuiltProgram } from "../bundle.ts";

let built: BuiltProgram;
beforeAll(async () => {
  built = await buildProgram();
});
afterAll(async () => built[Symbol.asyncDispose]());

async function waitFor(definition: object) {
  await using folder = await tempTree({ "entrypoint.json": JSON.stringify(definition) });
  await using program = startProgram(process.execPath, [built.file, "run", "--", "echo", "APP"], { cwd: folder.path });
  const { code } = await program.ended;
  return { code, stdout: program.stdout(), stderr: program.stderr() };
}

function one(url: string, deadline = "100s"): object {
  return { tasks: [{ task: "wait-for", url, deadline }] };
}

async function serve(
  answer: (socket: Socket, asked: string) => void,
  path?: string,
): Promise<{ port: number; server: Server }> {
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.on("data", (data) => answer(socket, data.toString()));
  });
  await new Promise<void>((resolve) =>
    path === undefined ? server.listen(0, "127.0.0.1", resolve) : server.listen(path, resolve),
  );
  const address = server.address();
  return { server, port: typeof address === "object" && address !== null ? address.port : 0 };
}

describe("redis", () => {
  it("logs in and waits until PING is answered, in whatever pieces", async () => {
    const asked: string[] = [];
    let pings = 0;
    const { port, server } = await serve((socket, command) => {
      asked.push(command);
      if (command.includes("AUTH")) return socket.write("+OK\r\n");
      pings += 1;
      if (pings === 1) return socket.write("-LOADING Redis is loading the dataset in memory\r\n");
      socket.write("+PO");
      return setImmediate(() => socket.write("NG\r\n"));
    });
    expect(await waitFor(one(`redis://app:s3%20cret@127.0.0.1:${String(port)}/1`))).toMatchObject({
      code: 0,
      stdout: "APP\n",
    });
    expect(asked[0]).toBe("*3\r\n$4\r\nAUTH\r\n$3\r\napp\r\n$7\r\ns3 cret\r\n");
    expect(pings).toBe(2);
    server.close();
  });

  it.each([
    ["-NOAUTH Authentication required.\r\n", "NOAUTH Authentication required."],
    ["HTTP/1.1 400 Bad Request\r\n", 'answered PING with "HTTP/1.1 400 Bad Request", not as Redis does'],
    ["x".repeat(5_000), "answered with something else than Redis does"],
  ])("says what else was answered: %.12s", async (answer, reason) => {
    const { port, server } = await serve((socket) => socket.write(answer));
    const { code, stderr } = await waitFor(one(`redis://127.0.0.1:${String(port)}`, "2s"));
    expect(code).toBe(125);
    expect(stderr).toContain(`Redis 127.0.0.1:${String(port)} was not ready within 2 s: `);
    expect(stderr).toContain(reason);
    server.close();
  });

  it("says that a password is wrong, without it", async () => {
    const { port, server } = await serve((socket) => socket.write("-WRONGPASS invalid username-password pair\r\n"));
    const { code, stderr } = await waitFor(one(`redis://:s3cret@127.0.0.1:${String(port)}`, "2s"));
    expect(code).toBe(125);
    expect(stderr).toContain("WRONGPASS invalid username-password pair");
    expect(stderr).not.toContain("s3cret");
    server.close();
  });

  it("says that a server closes, and one that does not speak TLS", async () => {
    const { port, server } = await serve((socket) => socket.end());
    expect((await waitFor(one(`redis://127.0.0.1:${String(port)}`, "2s"))).stderr).toContain(
      "the connection was closed",
    );
    expect((await waitFor(one(`rediss://127.0.0.1:${String(port)}`, "2s"))).stderr).toMatch(
      /was not ready within 2 s: \S+/,
    );
    server.close();
  });
});

describe("unix", () => {
  it("waits for a server at the socket, not for the file", async () => {
    await using folder = await tempTree({ "app.sock": "only a file" });
    const path = join(folder.path, "real.sock");
    const { server } = await serve(() => undefined, path);
    expect(await waitFor(one(`unix://${path}`))).toMatchObject({ code: 0 });
    const { stderr } = await waitFor(one(`unix://${join(folder.path, "app.sock")}`, "2s"));
    expect(stderr).toMatch(/socket \/.*app.sock was not ready within 2 s: .*ECONNREFUSED/);
    server.close();
  });
});

describe("several", () => {
  it("may not wait longer together than waitDeadline says", async () => {
    const wait = { task: "wait-for", url: "tcp://127.0.0.1:9", deadline: "30s" };
    const slow = { task: "wait-for", url: "file:///etc/passwd", deadline: "30s" };
    const { code, stderr } = await waitFor({ waitDeadline: "3s", tasks: [slow, wait] });
    expect(code).toBe(125);
    expect(stderr).toMatch(
      /tcp 127.0.0.1:9 was not ready within the [0-3]\.\d s that were left of waitDeadline: .*ECONNREFUSED/,
    );
  });
});

describe("an address that is wrong", () => {
  it.each([
    ["mysql2:///shop", "mysql2:// needs a host"],
    ["redis://:s3%zz@cache", "a % in it begins no encoded character"],
    ["unix://run/app.sock", "unix:// needs three slashes before the path"],
    ["reddis://cache", "did you mean redis"],
  ])("is refused before anything is done: %s", async (url, problem) => {
    const { code, stderr } = await waitFor(one(url));
    expect(code).toBe(2);
    expect(stderr).toContain(problem);
    expect(stderr).not.toContain("s3%zz");
  });
});
