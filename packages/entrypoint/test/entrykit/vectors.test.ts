import { chmod, readFile, stat } from "node:fs/promises";
import { dirname, join } from "node:path";

import { startProgram, tempTree } from "@slipway/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { DIFFERENCES } from "../../src/entrykit/compatibility/differences.ts";
import { buildProgram, type BuiltProgram } from "../bundle.ts";
import vectors from "./vectors.json" with { type: "json" };

/** A pattern is what `matches` holds. */
type Text = string | { readonly matches: string };

/** One call of the built program under one of entrykit's names. */
interface Vector {
  readonly id: string;
  readonly about: string;
  readonly kind: string;
  /** The row of the table of differences it shows. */
  readonly difference?: string;
  readonly argv0: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** By path; `path:755` has a mode of its own. */
  readonly files?: Readonly<Record<string, string | undefined>>;
  /** `{pid}` is the PID of the call. */
  readonly stdout: Text;
  readonly stderr: Text;
  readonly code: number;
  /** What files hold afterwards, their modes, and those that are not there. */
  readonly after?: Readonly<Record<string, string | undefined>>;
  readonly modes?: Readonly<Record<string, string | undefined>>;
  readonly absent?: readonly string[];
}

const SAYS_ITS_WORDS = `printf '%s %s' "\${0##*/}" "$#"; for word in "$@"; do printf ' [%s]' "$word"; done; echo`;

const PROGRAMS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ["show", "nginx", "ruby", "bundle", "mysqld", "add-server-id.sh", "docker-entrypoint.sh"].map((name) => [
      name,
      SAYS_ITS_WORDS,
    ]),
  ),
  "pid-of": 'echo "pid $$"',
  "env-of": 'echo "$1=$(printenv "$1")"',
  /** Makes the file `up`, and says that it was asked to stop. */
  "stops-late": "exec 2>/dev/null; trap 'echo stopped; exit 0' TERM; : > up; while :; do sleep 0.02; done",
  /** Waits for that file. */
  "when-up": 'until [ -e up ]; do sleep 0.02; done; exec "$@"',
};

let built: BuiltProgram;
beforeAll(async () => {
  built = await buildProgram();
  await built.write(Object.fromEntries(Object.entries(PROGRAMS).map(([name, body]) => [`bin/${name}`, script(body)])));
  for (const name of Object.keys(PROGRAMS)) await chmod(join(built.path, "bin", name), 0o755);
  await using links = startProgram(process.execPath, [built.file, "--symlink"]);
  await links.ended;
});
afterAll(async () => built[Symbol.asyncDispose]());

function script(body: string): string {
  return `#!/bin/sh\n${body}\n`;
}

const ROWS: readonly Vector[] = vectors;

describe("entrykit's behaviour", () => {
  it.concurrent.each(ROWS.map((vector): [string, Vector] => [`${vector.id}: ${vector.about}`, vector]))(
    "%s",
    async (_, vector) => {
      await using folder = await tempTree();
      await layOut(folder.path, vector, (files) => folder.write(files));
      const path = `${join(built.path, "bin")}:${dirname(built.file)}:${process.env["PATH"] ?? ""}`;
      await using call = startProgram(join(dirname(built.file), vector.argv0), vector.args, {
        cwd: folder.path,
        env: { PATH: path, ...vector.env },
      });
      const { code, signal } = await call.ended;
      expect({ code, signal, stderr: call.stderr(), stdout: call.stdout() }).toEqual({
        code: vector.code,
        signal: null,
        stderr: said(vector.stderr, call.pid, call.stderr()),
        stdout: said(vector.stdout, call.pid, call.stdout()),
      });
      await lookAt(folder.path, vector);
    },
  );
});

async function layOut(
  folder: string,
  { files = {} }: Vector,
  write: (files: Record<string, string>) => Promise<void>,
): Promise<void> {
  for (const [key, body = ""] of Object.entries(files)) {
    const [path = "", mode] = key.split(":");
    await write({ [path]: body });
    if (mode !== undefined) await chmod(join(folder, path), Number.parseInt(mode, 8));
  }
}

function said(text: Text, pid: number, real: string): unknown {
  if (typeof text === "string") return text.replaceAll("{pid}", String(pid));
  return new RegExp(text.matches).test(real) ? real : new RegExp(text.matches);
}

async function lookAt(folder: string, { after = {}, modes = {}, absent = [] }: Vector): Promise<void> {
  for (const [path, body] of Object.entries(after)) expect(await readFile(join(folder, path), "utf8")).toBe(body);
  for (const [path, mode] of Object.entries(modes)) {
    expect(((await stat(join(folder, path))).mode & 0o777).toString(8)).toBe(mode);
  }
  for (const path of absent) await expect(stat(join(folder, path))).rejects.toThrow("ENOENT");
}

describe("the vectors", () => {
  it("are all forty of the known ones and more than sixty others, each with an id of its own", () => {
    const known = new Set(ROWS.map(({ id }) => /^(\d+)[a-z]?$/.exec(id)?.[1]).filter((id) => id !== undefined));
    expect(known.size).toBe(40);
    expect(ROWS.filter(({ id }) => id.startsWith("own-")).length).toBeGreaterThanOrEqual(60);
    expect(new Set(ROWS.map(({ id }) => id)).size).toBe(ROWS.length);
  });

  it("say keep, fix or warn as the row they show does, if it is about that", () => {
    const kinds = new Map(DIFFERENCES.map(({ id, kind }) => [id, kind]));
    const expected = ROWS.map(({ id, difference }) => [id, difference === undefined ? "keep" : kinds.get(difference)]);
    expect(ROWS.map(({ id, kind }) => [id, kind])).toEqual(expected);
  });
});
