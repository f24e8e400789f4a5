import { createServer } from "node:http";
import { connect } from "node:net";
import { text } from "node:stream/consumers";

import { freePort, startProgram, tempTree, until } from "@slipway/testkit";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";

import { openHealth } from "../../src/boot/health.ts";
import { buildProgram, type BuiltProgram } from "../bundle.ts";
import { startHttpServer } from "../http-server.ts";

let built: BuiltProgram;
beforeAll(async () => {
  built = await buildProgram();
});
afterAll(async () => built[Symbol.asyncDispose]());

/** An app that answers 200 on its port, and a task before it that ends when the file `go` is there. */
async function startApp(definition: object, app: string) {
  const folder = await tempTree({ "entrypoint.json": JSON.stringify(definition), "app.cjs": app });
  const program = startProgram(process.execPath, [built.file, "run", "--", process.execPath, "app.cjs"], {
    cwd: folder.path,
  });
  return {
    program,
    folder,
    [Symbol.asyncDispose]: async () => (await program[Symbol.asyncDispose](), folder[Symbol.asyncDispose]()),
  };
}

const UNTIL_GO = { task: "run", run: ["sh", "-c", "while [ ! -e go ]; do sleep 0.02; done"] };

function appOn(port: number): string {
  return `require("node:http").createServer((_, r) => r.end("app")).listen(${String(port)}, () => console.log("listening"));`;
}

describe("while it boots", () => {
  it.each(["503", "200"])("answers %s with the step, on any path, then leaves the port to the app", async (status) => {
    const port = await freePort();
    const url = `http://127.0.0.1:${String(port)}`;
    await using started = await startApp({ healthPort: port, healthStatus: status, tasks: [UNTIL_GO] }, appOn(port));
    await until("it answers", async () => (await fetch(url).catch(() => undefined)) !== undefined);
    const response = await fetch(`${url}/up?x=1`);
    expect(response.status).toBe(Number(status));
    expect(response.headers.get("x-entrypoint")).toBe("booting");
    expect(await response.json()).toMatchObject({
      status: "booting",
      step: { number: 1, task: "run" },
      seconds: expect.any(Number) as unknown,
    });
    await started.folder.write({ go: "" });
    await started.program.says("listening");
    expect(await (await fetch(url)).text()).toBe("app");
  });

  it("answers until the app does", async () => {
    const port = await freePort();
    await using started = await startApp({ healthPort: port, tasks: [UNTIL_GO] }, appOn(port));
    const url = `http://127.0.0.1:${String(port)}`;
    await until("it answers", async () => (await fetch(url).catch(() => undefined)) !== undefined);
    const answers: (string | number)[] = [];
    const asking = (async () => {
      while (!answers.includes(200)) {
        answers.push(
          await fetch(url).then(
            (answer) => answer.status,
            (error: unknown) => String((error as { cause?: { code?: string } }).cause?.code),
          ),
        );
      }
    })();
    await until("there are answers", () => answers.length > 20);
    await started.folder.write({ go: "" });
    await asking;
    // Refused is what nobody listens to yet, between the entrypoint and the app; reset is who the kernel had put into the queue
    // in the very moment the port was given free.
    expect(answers.filter((answer) => ![503, 200, "ECONNREFUSED", "ECONNRESET"].includes(answer))).toEqual([]);
    expect(answers.filter((answer) => answer === "ECONNRESET").length).toBeLessThanOrEqual(1);
  });

  it("starts the app all the same when the port is taken, and says so", async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, resolve));
    const address = taken.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    await using started = await startApp({ healthPort: port, tasks: [] }, "console.log('app')");
    expect((await started.program.ended).code).toBe(0);
    expect(started.program.stderr()).toContain("nobody answers for the app while it starts: listen EADDRINUSE");
    taken.close();
  });
});

describe("a request that has begun when the port is given free", () => {
  // No time passes but what is told.
  beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
  afterEach(() => void vi.useRealTimers());

  it("is answered", async () => {
    const { socket, said, closed } = await halfAsked();
    socket.write("\r\n");
    expect(await said).toMatch(/^HTTP\/1\.1 503 /);
    await closed;
  });

  it("holds the app up for half a second at most", async () => {
    const { said, closed } = await halfAsked();
    vi.advanceTimersByTime(500);
    await closed;
    expect(await said).toBe("");
  });
});

/** Half a request, and the port given free around it. */
async function halfAsked() {
  const port = await freePort();
  const health = await openHealth({ port, status: 503 }, () => undefined);
  const socket = connect(port, "127.0.0.1");
  const said = text(socket);
  await new Promise<void>((resolve) => socket.write("GET / HTTP/1.1\r\nHost: a\r\n", () => resolve()));
  const url = `http://127.0.0.1:${String(port)}`;
  // Connections are taken in their order: this one has been when a later one is answered.
  await fetch(url);
  const closed = health.close();
  while ((await fetch(url).catch(() => undefined)) !== undefined) continue;
  return { socket, said, closed };
}

async function check(args: readonly string[], definition: object = { tasks: [] }) {
  await using folder = await tempTree({ "entrypoint.json": JSON.stringify(definition) });
  await using program = startProgram(process.execPath, [built.file, "health", ...args], { cwd: folder.path });
  const { code } = await program.ended;
  return { code, stdout: program.stdout(), stderr: program.stderr() };
}

describe("entrypoint health", () => {
  it("is 1 while it boots, 0 with --booting, and then what the app says", async () => {
    const port = await freePort();
    await using started = await startApp({ healthPort: port, tasks: [UNTIL_GO] }, appOn(port));
    const definition = { healthPort: port, tasks: [] };
    await until("it is well", async () => (await check(["--booting"], definition)).code === 0);
    expect(await check([], definition)).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('"task":"run"') as unknown,
    });
    await started.folder.write({ go: "" });
    await started.program.says("listening");
    expect(await check([], definition)).toEqual({ code: 0, stdout: "answered 200\n", stderr: "" });
  });

  it.each([500, 404])("is 1 when the app answers %d", async (status) => {
    const app = createServer((_, response) => response.writeHead(status).end());
    await new Promise<void>((resolve) => app.listen(0, resolve));
    const address = app.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    expect(await check(["--url", `http://127.0.0.1:${String(port)}/up`])).toMatchObject({
      code: 1,
      stdout: `answered ${String(status)}\n`,
    });
    app.close();
  });

  it("is 1 when the answer does not end", async () => {
    await using server = await startHttpServer((_, response) => {
      const dripping = setInterval(() => response.write("."), 500);
      response.once("close", () => clearInterval(dripping));
    });
    expect(await check(["--url", server.origin])).toMatchObject({ code: 1, stdout: "no answer: none in 4 s\n" });
  });

  it("is 1 when nobody answers, and 2 when there is nobody to ask", async () => {
    for (const url of ["http://127.0.0.1:9/", "HTTPS://127.0.0.1:9/"]) {
      expect(await check(["--url", url])).toMatchObject({
        code: 1,
        stdout: expect.stringContaining("ECONNREFUSED") as unknown,
      });
    }
    expect(await check([])).toMatchObject({ code: 2, stderr: expect.stringContaining("nobody to ask") as unknown });
    expect(await check(["--url", "ftp://x"])).toMatchObject({ code: 2 });
  });
});
