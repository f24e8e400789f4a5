import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { lookUpServices, startProgram, tempTree, type RunningProgram } from "@slipway/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { buildProgram, type BuiltProgram } from "../../bundle.ts";
import { SCHEMA_KINDS, type SchemaKind, type TestSchema } from "./test-schema.ts";

let built: BuiltProgram;
beforeAll(async () => {
  built = await buildProgram();
});
afterAll(async () => built[Symbol.asyncDispose]());

/** Stands for Rails: applies nothing, but says that it was called. */
const RAILS = 'echo called >> calls; [ -z "$APPLY" ] || sh -c "$APPLY"';
const MIGRATE = { task: "migrate", run: ["sh", "-c", RAILS, "rails", "db:migrate"], deadline: "20s", lease: "3s" };

interface App extends AsyncDisposable {
  readonly schema: TestSchema;
  start(more?: object, env?: NodeJS.ProcessEnv): Promise<RunningProgram>;
  calls(): Promise<number>;
  write(files: Readonly<Record<string, string>>): Promise<void>;
}

type MakeApp = (files: readonly string[], applied: readonly string[] | undefined) => Promise<App>;

async function makeApp(kind: SchemaKind, ...[files, applied]: Parameters<MakeApp>): Promise<App> {
  const stack = new AsyncDisposableStack();
  const schema = stack.use(kind.make());
  if (applied !== undefined) schema.apply(applied);
  const migrations = Object.fromEntries(files.map((version) => [`db/migrate/${version}_change.rb`, ""]));
  const folder = stack.use(await tempTree({ calls: "", ...migrations }));
  return {
    schema,
    start: async (more = {}, env = {}) => {
      const election = `file://${join(folder.path, "election.db")}`;
      const definition = { tasks: [{ ...MIGRATE, election, ...more }] };
      await folder.write({ "entrypoint.json": JSON.stringify(definition) });
      const all = {
        ...process.env,
        RAILS_ENV: "production",
        ENTRYPOINT_RELEASE: "r1",
        DATABASE_URL: schema.url,
        ...env,
      };
      const args = [built.file, "run", "--", "echo", "APP"];
      return stack.use(startProgram(process.execPath, args, { cwd: folder.path, env: all }));
    },
    calls: async () => (await readFile(join(folder.path, "calls"), "utf8")).split("\n").filter(Boolean).length,
    write: (written) => folder.write(written),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

describe.each(SCHEMA_KINDS)("migrations compared with $name", (kind) => {
  const app: MakeApp = (files, applied) => makeApp(kind, files, applied);

  describe.skipIf(!lookUpServices(kind.needs).available)("by files and versions", () => {
    it("starts without Rails and without an election when nothing is pending", async () => {
      await using shop = await app(["20240101000000", "20240202000000"], ["20240101000000", "20240202000000"]);
      const program = await shop.start();
      expect((await program.ended).code).toBe(0);
      expect(program.stderr()).toContain("nothing pending (2 migrations)");
      expect(program.stdout()).toBe("APP\n");
      expect(await shop.calls()).toBe(0);
    });

    it.each([
      ["one is pending", ["20240101000000"], "pending: 20240202000000"],
      ["there is no table of versions", undefined, "pending: 20240101000000, 20240202000000"],
    ])("asks Rails when %s", async (_, applied, said) => {
      await using shop = await app(["20240101000000", "20240202000000"], applied);
      const program = await shop.start();
      expect((await program.ended).code).toBe(0);
      expect(program.stderr()).toContain(said);
      expect(program.stderr()).toContain("run here");
      expect(await shop.calls()).toBe(1);
    });

    it("asks Rails where it cannot tell, and says why", async () => {
      await using shop = await app(["1"], ["1"]);
      const program = await shop.start({ paths: ["db/elsewhere"] });
      expect((await program.ended).code).toBe(0);
      expect(program.stderr()).toMatch(/Rails is asked what is pending: there is no folder .*db\/elsewhere/);
      expect(await shop.calls()).toBe(1);
    });

    it("compares each of several databases with its own folders, and names it", async () => {
      await using shop = await app(["1"], ["1"]);
      await using cache = kind.make();
      cache.apply(["5"]);
      const several = `production:
  primary: { url: "${shop.schema.url}" }
  cache: { url: "${cache.url}", migrations_paths: db/cache_migrate }
`;
      await shop.write({ "config/database.yml": several, "db/cache_migrate/5_a.rb": "" });
      const env = { DATABASE_URL: "postgres://nobody.invalid/not_asked" };
      const first = await shop.start({}, env);
      expect((await first.ended).code).toBe(0);
      expect(first.stderr()).toContain("nothing pending (2 migrations)");
      await shop.write({ "db/cache_migrate/6_b.rb": "" });
      const second = await shop.start({}, env);
      expect((await second.ended).code).toBe(0);
      expect(second.stderr()).toContain("pending: 6 (cache)");
      expect(await shop.calls()).toBe(1);
    });

    it("asks Rails when one of several databases has nothing of Rails' yet", async () => {
      await using shop = await app(["1"], ["1"]);
      await using queue = kind.make();
      const several = `production:\n  primary: { url: "${shop.schema.url}" }\n  queue: { url: "${queue.url}", migrations_paths: db/q }\n`;
      await shop.write({ "config/database.yml": several });
      const program = await shop.start();
      expect((await program.ended).code).toBe(0);
      expect(program.stderr()).toContain("empty: queue");
      expect(await shop.calls()).toBe(1);
    });

    it("does not believe a record that the schema contradicts", async () => {
      await using shop = await app(["1", "2"], ["1"]);
      expect((await (await shop.start()).ended).code).toBe(0);
      const second = await shop.start();
      expect((await second.ended).code).toBe(125);
      expect(second.stderr()).toContain("the release is recorded as done, and 2 are pending");
      expect(second.stderr()).toContain("ENTRYPOINT_SCHEMA_BEHIND");
    });

    it("lets a worker wait until others have migrated, without migrating itself", async () => {
      await using shop = await app(["1", "2"], ["1"]);
      const worker = await shop.start({ mode: "wait" });
      await worker.says("still waiting for the schema");
      shop.schema.apply(["2"]);
      expect((await worker.ended).code).toBe(0);
      expect(worker.stderr()).toContain("nothing pending (2 migrations)");
      expect(await shop.calls()).toBe(0);
    });

    it("ends a wait at its deadline", async () => {
      await using shop = await app(["1", "2"], ["1"]);
      const worker = await shop.start({ mode: "wait", deadline: "3s" });
      expect((await worker.ended).code).toBe(125);
      expect(worker.stderr()).toContain("1 migrations are pending after 3 s");
    });

    it.each([
      ["warn", 0, "warning: the database is newer than this image: it has 3"],
      ["refuse", 125, "ENTRYPOINT_SCHEMA_AHEAD"],
      ["ignore", 0, "nothing pending (2 migrations)"],
    ])("with newer=%s ends with %i when the database is newer", async (newer, code, said) => {
      await using shop = await app(["1", "2"], ["1", "2", "3"]);
      const program = await shop.start({ newer });
      expect((await program.ended).code).toBe(code);
      expect(program.stderr()).toContain(said);
      expect(program.stderr().includes("newer than this image")).toBe(newer !== "ignore");
      expect(await shop.calls()).toBe(0);
    });
  });
});
