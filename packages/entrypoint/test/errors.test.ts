import { chmod, mkdir, readdir, rmdir } from "node:fs/promises";
import { createServer } from "node:net";
import { dirname, join } from "node:path";

import { runSync, startProgram, tempTree, type ProgramEnd } from "@slipway/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { ERRORS } from "../src/error-codes.ts";
import { EntrypointError, printable, type ErrorCode } from "../src/errors.ts";
import { makeSymlinks } from "../src/entrykit/symlink.ts";
import { buildProgram, type BuiltProgram } from "./bundle.ts";

let built: BuiltProgram;
beforeAll(async () => {
  built = await buildProgram();
  runSync(built.file, ["--symlink"]);
});
afterAll(async () => built[Symbol.asyncDispose]());

interface Call {
  readonly definition?: unknown;
  readonly files?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** Called once the program has said the text. */
  readonly when?: readonly [string, (kill: (signal: NodeJS.Signals) => void) => void];
}

/** Runs the built program the wrong way; resolves to how it ended and what it said. */
async function wrong(call: Call): Promise<ProgramEnd & { readonly said: string }> {
  const definition =
    typeof call.definition === "string" ? call.definition : JSON.stringify(call.definition ?? { tasks: [] });
  await using folder = await tempTree({ "entrypoint.json": definition, ...call.files });
  const env = { ...process.env, ...call.env };
  const args = call.args ?? ["run", "--", "echo", "APP"];
  await using program = startProgram(process.execPath, [built.file, ...args], { cwd: folder.path, env });
  if (call.when !== undefined) {
    await program.says(call.when[0]);
    call.when[1]((signal) => program.kill(signal));
  }
  const end = await program.ended;
  return { ...end, said: program.stdout() + program.stderr() };
}

function one(task: object): object {
  return { tasks: [task] };
}

const MIGRATE = { task: "migrate", run: ["true"], deadline: "300ms" };
/** Runs a migrate task that fails, twice, against one file: the second call is what is looked at. */
async function failTwice(): Promise<ProgramEnd & { readonly said: string }> {
  await using folder = await tempTree();
  const election = `file://${join(folder.path, "election")}`;
  const call = {
    definition: one({ ...MIGRATE, run: ["false"], election, deadline: "60s", tries: 1 }),
    env: { ENTRYPOINT_RELEASE: "r1" },
  };
  await wrong(call);
  return await wrong(call);
}

/** A server that takes connections of PostgreSQL and refuses them, in its protocol. */
async function refusingServer<T>(sqlState: string, work: (url: string) => Promise<T>): Promise<T> {
  const fields = `SFATAL\0VFATAL\0C${sqlState}\0Mit is refused\0\0`;
  const length = Buffer.alloc(4);
  length.writeInt32BE(fields.length + 4);
  const server = createServer((socket) => {
    socket.once("data", () => socket.end(Buffer.concat([Buffer.from("E"), length, Buffer.from(fields)])));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  try {
    return await work(`postgres://app:s3cret@127.0.0.1:${String(port)}/shop`);
  } finally {
    server.close();
  }
}

async function prehook(args: readonly string[], name = "prehook"): Promise<ProgramEnd & { readonly said: string }> {
  await using program = startProgram(join(built.file, "..", name), args);
  const end = await program.ended;
  return { ...end, said: program.stderr() };
}

const NO_AWS = {
  AWS_ACCESS_KEY_ID: "",
  AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: undefined,
  AWS_CONTAINER_CREDENTIALS_FULL_URI: undefined,
  AWS_EC2_METADATA_DISABLED: "true",
  HOME: "/nonexistent",
};

/** Each code, reached by doing the real wrong thing. */
const REACHED: Record<Exclude<ErrorCode, ServiceCode>, () => Promise<unknown>> = {
  ENTRYPOINT_FLAG_UNKNOWN: () => wrong({ args: ["run", "--jsno", "--", "true"] }),
  ENTRYPOINT_VERB_UNKNOWN: () => wrong({ args: ["runn"] }),
  ENTRYPOINT_COMMAND_MISSING: () => wrong({ args: ["run", "--"] }),
  ENTRYPOINT_DEFINITION_MISSING: () => wrong({ args: ["run", "--config", "none.json", "--", "true"] }),
  ENTRYPOINT_DEFINITION_SYNTAX: () => wrong({ definition: '{ "tasks": [,] }' }),
  ENTRYPOINT_DEFINITION_INVALID: () => wrong({ definition: { taks: [] } }),
  ENTRYPOINT_VARIABLE_UNSET: () => wrong({ definition: one({ task: "wait-for", url: "${NO_SUCH_VARIABLE}" }) }),
  ENTRYPOINT_RECEIPT_UNREADABLE: () =>
    wrong({ definition: { receipt: "r.json", tasks: [] }, files: { "r.json": "{}" } }),
  ENTRYPOINT_WAIT_DEADLINE: () =>
    wrong({ definition: one({ task: "wait-for", url: "file:///none", deadline: "50ms" }) }),
  ENTRYPOINT_TASK_DEADLINE: () => wrong({ definition: one({ task: "run", run: ["sleep", "9"], deadline: "50ms" }) }),
  ENTRYPOINT_BUDGET_SPENT: () =>
    wrong({ definition: { budget: "300ms", ...one({ task: "run", run: ["sleep", "9"] }) } }),
  ENTRYPOINT_TASK_FAILED: () => wrong({ definition: one({ task: "run", run: ["false"] }) }),
  ENTRYPOINT_ASSETS_INCOMPLETE: async () => {
    await using bin = await tempTree({ "asset-sync": '#!/bin/sh\necho "$@"; exit 1\n' });
    await chmod(join(bin.path, "asset-sync"), 0o755);
    const receipt = JSON.stringify({ format: "slipway-receipt/1", release: "r1" });
    return await wrong({
      definition: one({ task: "verify-assets", receipt: "r.json" }),
      files: { "r.json": receipt },
      env: { PATH: `${bin.path}:${process.env["PATH"] ?? ""}` },
    });
  },
  ENTRYPOINT_AWS_CREDENTIALS: () =>
    wrong({ definition: one({ ...MIGRATE, election: "s3://bucket/prefix", deadline: "60s" }), env: NO_AWS }),
  ENTRYPOINT_ELECTION_UNREACHABLE: () =>
    wrong({ definition: one({ ...MIGRATE, election: "file:///no/such/folder/lock" }) }),
  ENTRYPOINT_DATABASE_LOGIN: () =>
    refusingServer("28P01", (election) => wrong({ definition: one({ ...MIGRATE, election, deadline: "60s" }) })),
  ENTRYPOINT_DATABASE_MISSING: () =>
    refusingServer("3D000", (election) => wrong({ definition: one({ ...MIGRATE, election, deadline: "60s" }) })),
  ENTRYPOINT_DATABASE_TLS: () =>
    wrong({ definition: one({ task: "wait-for", url: "postgres://app:s3cret@127.0.0.1:1/shop?sslrootcert=no.pem" }) }),
  ENTRYPOINT_ELECTION_REFUSED: () =>
    refusingServer("42501", (election) => wrong({ definition: one({ ...MIGRATE, election, deadline: "60s" }) })),
  ENTRYPOINT_ELECTION_DEADLINE: async () => {
    const run = ["sh", "-c", "echo LEADS; sleep 60"];
    await using folder = await tempTree();
    const task = { ...MIGRATE, run, election: `file://${join(folder.path, "election")}` };
    await using lead = await tempTree({ "entrypoint.json": JSON.stringify(one({ ...task, deadline: "60s" })) });
    await using leader = startProgram(process.execPath, [built.file, "run", "--", "true"], { cwd: lead.path });
    await leader.says("LEADS");
    // Long enough to come to the lock: before that it is unreachable.
    return await wrong({ definition: one({ ...task, deadline: "5s" }) });
  },
  ENTRYPOINT_RELEASE_FAILED: failTwice,
  ENTRYPOINT_INTERRUPTED: () =>
    wrong({
      definition: one({ task: "run", run: ["sh", "-c", "echo GO; sleep 9"] }),
      when: ["GO", (kill) => kill("SIGTERM")],
    }),
  ENTRYPOINT_PROGRAM_NOT_FOUND: () => wrong({ args: ["run", "--", "no-such-program"] }),
  ENTRYPOINT_PROGRAM_NOT_EXECUTABLE: () => wrong({ args: ["run", "--", "/"] }),
  ENTRYPOINT_SYMLINK_FAILED: async () => {
    await using folder = await tempTree();
    return linkBeside(join(folder.path, "gone", "entrypoint"));
  },
  ENTRYPOINT_ENTRYKIT_OPTION: () => prehook(["-q"]),
  ENTRYPOINT_ENTRYKIT_TASK: () => prehook(["false"]),
  ENTRYPOINT_TEMPLATE_INVALID: async () => {
    await using folder = await tempTree({ "x.tmpl": "{{ nope }}" });
    return await prehook([join(folder.path, "x")], "render");
  },
  ENTRYPOINT_BAKE_FAILED: async () => {
    const program = (await readdir(dirname(built.file))).find((name) => /^program-.{8}\.cjs$/.test(name)) ?? "";
    // Nothing is forbidden to root, but nobody puts a file in the place of a folder.
    const inTheWay = join(built.file, "..", `${program}.${process.versions.v8}`);
    await mkdir(inTheWay);
    const ended = await wrong({ args: ["bake"] });
    await rmdir(inTheWay);
    return ended;
  },
  ENTRYPOINT_SECRET_UNAVAILABLE: () => wrong({ env: { SECRET: "secret-file:/no/such" } }),
  ENTRYPOINT_SECRET_DEADLINE: () =>
    wrong({
      definition: { secretsDeadline: "100ms", tasks: [] },
      env: {
        SECRET: "ssm:/a",
        AWS_REGION: "eu-central-1",
        AWS_ACCESS_KEY_ID: "id",
        AWS_SECRET_ACCESS_KEY: "s3cret",
        AWS_ENDPOINT_URL: "http://127.0.0.1:9",
      },
    }),
  ENTRYPOINT_REDACTION_IMPOSSIBLE: () =>
    wrong({
      definition: one({ task: "run", run: ["/bin/true"] }),
      files: { secret: "s3cret" },
      env: { SECRET: "secret-file:/proc/self/cwd/secret", PATH: "/no/such" },
      args: ["run", "--", "/bin/true"],
    }),
  ENTRYPOINT_RENDER_FAILED: () =>
    wrong({
      definition: one({ task: "render", template: "x.tmpl", to: "/no/such/folder/x" }),
      files: { "x.tmpl": "x" },
    }),
  ENTRYPOINT_LINT_UNREADABLE: () => wrong({ args: ["lint", "--dockerfile", "none"] }),
};

/** Reached in the tests of the PostgreSQL election, which need a server. */
type ServiceCode =
  | "ENTRYPOINT_ELECTION_LOST"
  | "ENTRYPOINT_ELECTION_POOLED"
  | "ENTRYPOINT_SCHEMA_AHEAD"
  | "ENTRYPOINT_SCHEMA_BEHIND"
  | "ENTRYPOINT_RAILS_LOCK_HELD";

/** Called directly: a program cannot lie in a folder that is not there, and nothing is forbidden to root. */
function linkBeside(program: string): unknown {
  try {
    return makeSymlinks(program);
  } catch (error) {
    if (!(error instanceof EntrypointError)) throw error;
    return { code: error.exitCode, signal: null, said: `${error.message} [${error.code}]` };
  }
}

/** Under entrykit's names the message has entrykit's form, without a code. */
const ENTRYKIT_MESSAGES: Readonly<Partial<Record<ErrorCode, string>>> = {
  ENTRYPOINT_ENTRYKIT_OPTION: "!! Unknown option -q",
  ENTRYPOINT_ENTRYKIT_TASK: "!! exit status 1",
  ENTRYPOINT_TEMPLATE_INVALID: "!! template: ",
};

describe.each(Object.entries(REACHED))("%s", (name, reach) => {
  it("is reached, ends with its exit code and says what to do", async () => {
    const code = Object.keys(ERRORS).find((known): known is ErrorCode => known === name);
    if (code === undefined) throw new Error(`${name} is not a code`);
    const reached = await reach();
    expect(reached).toMatchObject({ code: ERRORS[code].exitCode, signal: null });
    expect(reached).toMatchObject({ said: expect.stringContaining(ENTRYKIT_MESSAGES[code] ?? `[${code}]`) as unknown });
    expect(reached).toMatchObject({ said: expect.not.stringContaining("s3cret") as unknown });
  });
});

it("has a meaning and a remedy for every code", () => {
  for (const { meaning, remedy } of Object.values(ERRORS)) {
    expect(meaning).toMatch(/\.$/);
    expect(remedy).toMatch(/\.$/);
  }
});

describe("what is printed", () => {
  it("has no control characters and no credentials", () => {
    const text = "\u001b[31mred\u0007 postgres://app:p%40ss@db/shop and https://token@host/x\ttab\nline\u0000";
    expect(printable(text)).toBe("[31mred postgres://***@db/shop and https://***@host/x\ttab\nline");
    expect(new EntrypointError("ENTRYPOINT_TASK_FAILED", { message: text }).message).not.toContain("p%40ss");
  });

  it.each([
    ["postgres://u:sec/ret@h/x", "postgres://***@h/x"],
    ["postgres://u:sec@ret@h/x", "postgres://***@h/x"],
    ["--url=redis://:se://cret@h", "--url=redis://***@h"],
    ["https://h/x me@h", "https://h/x me@h"],
    ["me@h,https://h/x", "me@h,https://h/x"],
  ])("masks %s to the last @ of the word", (text, shown) => {
    expect(printable(text)).toBe(shown);
  });

  it("of a command as long as Linux takes holds no start up", async () => {
    const words = ["x", "a://", "@"].flatMap((piece) => Array<string>(4).fill(piece.repeat(131_000 / piece.length)));
    const { code, said } = await wrong({ args: ["run", "--", "true", ...words] });
    expect(code).toBe(0);
    expect(said.length).toBeLessThan(4_200);
  });

  it("of a command is one line", async () => {
    const { said } = await wrong({ args: ["run", "--", "true", "x\nentrypoint: ended with 0", "y".repeat(9_000)] });
    const lines = said.trimEnd().split("\n");
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(
      /^entrypoint: becoming true x\\nentrypoint: ended with 0 y{3900,4000}… \(\d+ more characters\) \(pid \d+\)$/,
    );
  });
});
