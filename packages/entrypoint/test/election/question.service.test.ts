import { createHash, createHmac, pbkdf2Sync } from "node:crypto";
import { createServer, type Server, type Socket } from "node:net";

import { lookUpServices, serviceVariable } from "@slipway/testkit";
import { afterEach, describe, expect, it, vi } from "vitest";

import { closeConnection } from "../../src/election/postgres/answer.ts";
import { openConnection } from "../../src/election/postgres/connection.ts";
import { SSL_REQUEST } from "../../src/election/postgres/question/messages.ts";
import { askOnce } from "../../src/election/postgres/question/question.ts";
import { ElectionLost } from "../../src/election/store.ts";
import { garblingProxy } from "../garbling-proxy.ts";
import { startPgBouncer } from "./pgbouncer.ts";

const server = (): URL => new URL(serviceVariable("TEST_DATABASE_URL"));

/** What PostgreSQL keeps of a password. Source: RFC 5803 */
function verifier(password: string, rounds: number): string {
  const salted = pbkdf2Sync(password, "salt", rounds, 32, "sha256");
  const key = (name: string): Buffer => createHmac("sha256", salted).update(`${name} Key`).digest();
  const stored = createHash("sha256").update(key("Client")).digest("base64");
  return `SCRAM-SHA-256$${String(rounds)}:${btoa("salt")}$${stored}:${key("Server").toString("base64")}`;
}

function ask(url: URL, statement = "select 'answer'"): Promise<readonly string[]> {
  return askOnce(url.href, statement, AbortSignal.timeout(60_000));
}

describe.skipIf(!lookUpServices("postgres").available)("a question without the driver", () => {
  it("is answered after a SCRAM log-in, with the first column of all rows", async () => {
    expect(await ask(server(), "select n, 'x' from generate_series(1, 20000) as n order by n")).toEqual(
      Array.from({ length: 20_000 }, (_, at) => String(at + 1)),
    );
    expect(await ask(server(), "select null union all select 'ü'")).toEqual(["", "ü"]);
    expect(await ask(server(), "select 1 where false")).toEqual([]);
  });

  it("names this program and takes the address' options", async () => {
    const url = server();
    url.searchParams.set("options", "-c statement_timeout=4321");
    expect(await ask(url, "select current_setting('application_name')")).toEqual(["slipway entrypoint"]);
    expect(await ask(url, "show statement_timeout")).toEqual(["4321ms"]);
  });

  it("takes one connection to a server without TLS", async () => {
    await using proxy = await garblingProxy(serviceVariable("TEST_DATABASE_URL"), "nothing", "nothing");
    expect(await ask(new URL(proxy.url))).toEqual(["answer"]);
    expect(proxy.connections()).toBe(1);
  });

  it.each([
    ["a wrong password", (url: URL) => (url.password = "wrong"), "ENTRYPOINT_DATABASE_LOGIN"],
    ["no password", (url: URL) => (url.password = ""), ""],
    ["a password that SCRAM prepares", (url: URL) => (url.password = "%C3%BC"), "ENTRYPOINT_DATABASE_LOGIN"],
    ["a database that is not there", (url: URL) => (url.pathname = "/none"), "ENTRYPOINT_DATABASE_MISSING"],
  ])("is refused with %s", async (_, change, code) => {
    const url = server();
    change(url);
    await expect(ask(url)).rejects.toMatchObject(code === "" ? { name: "Error" } : { code });
  });

  it("lets in a role of as many rounds as an election does", async () => {
    const role = `rounds_${String(process.pid)}`;
    const url = server();
    url.username = role;
    url.password = "secret";
    await ask(server(), `create role ${role} login password '${verifier("secret", 200_000)}'`);
    try {
      expect(await ask(url, "select current_user")).toEqual([role]);
      await closeConnection(await openConnection(url.href, AbortSignal.timeout(60_000)));
    } finally {
      await ask(server(), `drop role ${role}`);
    }
  });

  it("fails with the SQLSTATE of its own error", async () => {
    await expect(ask(server(), "select * from nowhere")).rejects.toMatchObject({
      code: "42P01",
      message: 'relation "nowhere" does not exist',
    });
  });

  it("is broken off by its signal", async () => {
    const stop = new AbortController();
    const asked = askOnce(server().href, "select pg_sleep(60)", stop.signal);
    stop.abort(new Error("stopped"));
    await expect(asked).rejects.toThrow("stopped");
  });
});

describe.skipIf(!lookUpServices("postgres", "pgbouncer").available)("a log-in with another method", () => {
  it.each(["md5", "plain", "scram-sha-256", "any"])("by %s is answered", async (login) => {
    await using pool = await startPgBouncer(serviceVariable("TEST_DATABASE_URL"), { mode: "session", login });
    expect(await ask(new URL(pool.url))).toEqual(["answer"]);
  });

  it("says nothing of what the environment leaves empty, which poolers refuse", async () => {
    await using pool = await startPgBouncer(serviceVariable("TEST_DATABASE_URL"), { mode: "session" });
    vi.stubEnv("PGOPTIONS", "");
    expect(await ask(new URL(pool.url))).toEqual(["answer"]);
  });
});

describe.skipIf(!lookUpServices("postgres", "pgbouncer").available)("a wrong password", () => {
  it.each(["md5", "plain", "scram-sha-256"])("is refused by %s", async (login) => {
    await using pool = await startPgBouncer(serviceVariable("TEST_DATABASE_URL"), { mode: "session", login });
    const url = new URL(pool.url);
    url.password = "wrong";
    await expect(ask(url)).rejects.toThrow("authentication failed");
  });
});

let impostor: Server | undefined;
/** All that the last client has said by the time it hangs up. */
let heard: Promise<string>;
afterEach(() => {
  vi.unstubAllEnvs();
  impostor?.close();
});

/** A server that answers each thing a client says with the next of these. */
async function says(...answers: readonly string[]): Promise<URL> {
  const answer = (socket: Socket): void => {
    const left = [...answers];
    let all = "";
    socket
      .on("error", () => undefined)
      .on("data", (said) => {
        all += said.toString("latin1");
        socket.write(Buffer.from(left.shift() ?? "", "latin1"));
      });
    heard = new Promise((resolve) => socket.once("close", () => resolve(all)));
  };
  const opened = createServer(answer);
  impostor = opened;
  await new Promise<void>((resolve) => opened.listen(0, "127.0.0.1", resolve));
  const address = opened.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  // Without a plain connection after one that TLS fails for.
  const mode = answers[0] === "N" ? "prefer" : "require";
  return new URL(`postgres://user:secret@127.0.0.1:${String(port)}/db?sslmode=${mode}`);
}

/** An authentication request of the server's. */
function request(kind: number, text = ""): string {
  return `R\0\0\0${String.fromCharCode(8 + text.length)}\0\0\0${String.fromCharCode(kind)}${text}`;
}

const READY = "Z\0\0\0\u0005I";
const SASL = request(10, "SCRAM-SHA-256\0\0");
const UNPROVED = "does not prove that it knows the password";

describe("a server that is not what it should be", () => {
  it.each([
    ["is done before it has proved anything", ["N", SASL, request(0) + READY], UNPROVED],
    ["takes questions before any log-in", ["N", READY], "before the log-in is done"],
    ["takes questions before it has proved anything", ["N", SASL, READY], "before the log-in is done"],
    ["proves nothing", ["N", SASL, request(12, "v=") + request(0) + READY], UNPROVED],
    ["makes the nonce up", ["N", SASL, request(11, "r=abc,s=c2FsdA==,i=4096")], "SCRAM log-in is malformed"],
    ["continues what has not begun", ["N", request(11, "r=abc,s=c2FsdA==,i=4096")], "unknown log-in (11)"],
    ["knows another SCRAM alone", ["N", request(10, "SCRAM-SHA-256-PLUS\0\0")], "unknown log-in (10)"],
    ["asks for Kerberos", ["N", request(7)], "unknown log-in (7)"],
    ["is a web server", ["N", "HTTP/1.1 400 Bad Request\r\n\r\n"], "does not speak PostgreSQL's protocol"],
    ["is cut off", ["N", "R\0\0\0\u0006\0\0"], "cut off"],
    ["has no word for TLS", ["E"], "error establishing an SSL connection"],
    ["says more before TLS", ["SR\0\0\0\u0008\0\0\0\0"], "speaks before TLS does"],
  ])("and %s is refused", async (_, answers, problem) => {
    await expect(ask(await says(...answers))).rejects.toThrow(problem);
    await expect(ask(await says(...answers))).rejects.toBeInstanceOf(ElectionLost);
  });

  it("hears no farewell before it has let anyone in", async () => {
    const url = await says("N");
    url.searchParams.set("sslmode", "require");
    await expect(ask(url)).rejects.toThrow("does not support SSL");
    expect(await heard).toBe(SSL_REQUEST.toString("latin1"));
  });
});
