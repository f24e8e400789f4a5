import { cp, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import { lookUpServices, tempTree } from "@slipway/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { buildProgram, type BuiltProgram } from "../bundle.ts";
import { RAILS_APP, railsImage, type RailsEnd, type RailsImage } from "../rails-image.ts";
import { SCHEMA_KINDS, type TestSchema } from "./pending/test-schema.ts";

const MIGRATE = ["bin/rails", "db:migrate"];

let built: BuiltProgram;
let image: RailsImage;
beforeAll(async () => {
  if (!lookUpServices("docker").available) return;
  [built, image] = [await buildProgram(), railsImage()];
}, 600_000);
afterAll(async () => {
  await built?.[Symbol.asyncDispose]();
  await image?.[Symbol.asyncDispose]();
});

interface RailsApp extends AsyncDisposable {
  readonly schema: TestSchema;
  run(words: readonly string[]): RailsEnd;
  /** The script of a shell in which `start` is one start of a container. */
  start(run: readonly string[], script: string): Promise<RailsEnd>;
  /** What Rails keeps of migrations, and the schema it dumped. */
  result(): Promise<object>;
}

async function railsApp(make: () => TestSchema): Promise<RailsApp> {
  const stack = new AsyncDisposableStack();
  const schema = stack.use(make());
  const folder = stack.use(await tempTree({}));
  await cp(RAILS_APP, folder.path, { recursive: true });
  const env = {
    RAILS_ENV: "production",
    DATABASE_URL: schema.url.replace(/^mysql2:/, "trilogy:"),
    ENTRYPOINT_RELEASE: "r1",
    HOME: "/tmp",
  };
  const folders = { "/app": folder.path, "/entrypoint": dirname(built.file) };
  const run = (words: readonly string[]): RailsEnd => image.run(words, { folders, env });
  return {
    schema,
    run,
    start: async (command, script) => {
      const task = { task: "migrate", run: command, election: "${DATABASE_URL}", deadline: "120s" };
      await folder.write({ "entrypoint.json": JSON.stringify({ tasks: [task] }) });
      return run(["bash", "-c", `start() { node /entrypoint/entrypoint.cjs run -- echo APP; }; ${script}`]);
    },
    result: async () => ({
      versions: schema.query("select version from schema_migrations order by version"),
      metadata: schema
        .query("select * from ar_internal_metadata order by 1")
        .map((line) => line.split(/[|\t]/).slice(0, 2)),
      dumped: await readFile(join(folder.path, "db/schema.rb"), "utf8"),
    }),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

describe.each(SCHEMA_KINDS)("Rails 8.1 on $name", ({ needs, make }) => {
  describe.skipIf(!lookUpServices("docker", needs).available)("migrated by the entrypoint", () => {
    it(
      "ends as Rails' own migration does when one is pending, and asks Rails no more",
      { timeout: 300_000 },
      async () => {
        await using theirs = await railsApp(make);
        await using ours = await railsApp(make);
        for (const app of [theirs, ours]) {
          expect(app.run([...MIGRATE, "VERSION=20240101000000"])).toMatchObject({ code: 0 });
        }
        expect(theirs.run(MIGRATE)).toMatchObject({ code: 0 });
        const first = await ours.start(MIGRATE, "start");
        expect(first).toMatchObject({ code: 0, stdout: expect.stringContaining("CreateProducts: migrated") as string });
        expect(first.stderr).toContain("pending: 20240202000000\n");
        expect(await ours.result()).toEqual(await theirs.result());
        const second = await ours.start(MIGRATE, "start");
        expect(second).toMatchObject({ code: 0, stdout: "APP\n" });
        expect(second.stderr).toContain("nothing pending (2 migrations)");
      },
    );

    it(
      "creates, loads and seeds a database that is not there, once, when five start",
      { timeout: 300_000 },
      async () => {
        await using theirs = await railsApp(make);
        await using ours = await railsApp(make);
        for (const app of [theirs, ours]) {
          expect(app.run(MIGRATE)).toMatchObject({ code: 0 });
          app.schema.drop();
        }
        const prepare = ["bin/rails", "db:prepare"];
        expect(theirs.run(prepare)).toMatchObject({ code: 0 });
        const all = await ours.start(
          prepare,
          "for i in 1 2 3 4 5; do start & pids+=($!); done; for p in ${pids[@]}; do wait $p || exit 9; done",
        );
        expect([all.code, all.code === 0 ? "" : all.stderr]).toEqual([0, ""]);
        expect(all.stdout.match(/^APP$/gm)).toHaveLength(5);
        expect(all.stderr.match(/run here/g)).toHaveLength(1);
        expect(ours.schema.query("select count(*) from shops")).toEqual(["1"]);
        expect(await ours.result()).toEqual(await theirs.result());
      },
    );
  });
});
