import { cp, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { run } from "../../src/cli/run.ts";
import { BUCKET, BUILD, syncFixture, type SyncFixture } from "../sync/fixture.ts";

const YML = (endpoint: URL): string => `
production:
  fog_provider: AWS
  fog_directory: ${BUCKET}
  fog_host: ${endpoint.hostname}
  fog_port: ${endpoint.port}
  fog_scheme: http
  fog_path_style: true
  aws_access_key_id: <%= ENV["AWS_ACCESS_KEY_ID"] %>
  aws_secret_access_key: <%= ENV.fetch("AWS_SECRET_ACCESS_KEY") %>
  log_silently: false
  ignored_files: [!ruby/regexp '/logo/']
development:
  enabled: false
`;

/** An app that has the gem's configuration and nothing of ours. */
async function gemApp(
  world: SyncFixture,
): Promise<(words: readonly string[], env?: object) => Promise<readonly [number, string]>> {
  await mkdir(join(world.tree.path, "public"));
  await cp(join(world.tree.path, "assets"), join(world.tree.path, "public/assets"), { recursive: true });
  await world.tree.write({ "config/asset_sync.yml": YML(new URL(world.double.endpoint)) });
  return async (words, env = {}) => {
    let text = "";
    const output = { write: (more: string) => (text += more) };
    const environment = { ...process.env, RAILS_ENV: "production", ...env };
    const terminal = { stdout: output, stderr: output, environment, directory: world.tree.path };
    return [await run(words, terminal, new AbortController().signal), text];
  };
}

describe("an app that has the gem's config/asset_sync.yml and nothing else", () => {
  it("is synced as the file says, and what does nothing here is named once", async () => {
    await using world = await syncFixture(BUILD);
    const asset = await gemApp(world);
    const [code, said] = await asset(["sync", "--release", "v1"]);
    expect([code, said]).toEqual([0, expect.stringContaining("v1 at s3://shop-assets: sent 4 files")]);
    expect(said.match(/log_silently of asset_sync/g)).toHaveLength(1);
    const expected = Object.keys(BUILD).filter((key) => !key.includes("logo"));
    expect(
      [...world.double.objects(BUCKET).keys()].filter((key) => !key.startsWith(".asset-sync/")).toSorted(),
    ).toEqual(expected.toSorted());
    const put = world.double.log.find(({ key }) => key === "assets/robots.txt");
    expect(put?.headers["x-amz-acl"]).toBe("public-read");
  });

  it("does nothing in an environment where the gem is disabled", async () => {
    await using world = await syncFixture(BUILD);
    const asset = await gemApp(world);
    expect(await asset(["sync"], { RAILS_ENV: "development" })).toEqual([
      0,
      expect.stringContaining("enabled: false (RAILS_ENV is development)"),
    ]);
    expect(world.double.log).toEqual([]);
  });

  it("verifies in a container that has none of the variables that the file asks for", async () => {
    await using world = await syncFixture(BUILD);
    const asset = await gemApp(world);
    await asset(["sync", "--release", "v1"]);
    await world.tree.write({ "config/asset_sync.yml": "production:\n  fog_directory: <%= ENV.fetch('NOT_SET') %>\n" });
    expect(await asset(["verify", "--receipt", "public/.asset-receipt.json"])).toEqual([
      0,
      expect.stringContaining("holds all 4 files"),
    ]);
    expect(await asset(["sync", "--release", "v1"])).toEqual([
      2,
      expect.stringContaining("line 2: the environment variable NOT_SET"),
    ]);
  });

  it("gives way to a target that is named in our words", async () => {
    await using world = await syncFixture(BUILD);
    const asset = await gemApp(world);
    const to = `file://${world.tree.path}/store`;
    const flag = await asset(["sync", "--release", "v1", "--to", to]);
    expect(flag).toEqual([0, expect.stringContaining("sent 5 files")]);
    const named = await asset(["sync", "--release", "v1"], { ASSET_SYNC_TO: `${to}-too` });
    expect(named).toEqual([0, expect.stringContaining("sent 5 files")]);
  });

  it("is told that options in the gem's initializer do not count", async () => {
    await using world = await syncFixture(BUILD);
    const asset = await gemApp(world);
    const note = expect.stringContaining("config/initializers/asset_sync.rb of asset_sync: it is Ruby and is not read");
    await world.tree.write({ "config/initializers/asset_sync.rb": "AssetSync.configure { |c| c.prefix = 'a' }\n" });
    expect(await asset(["plan", "--release", "v1"])).toEqual([0, note]);
    expect(await asset(["import"])).toEqual([
      0,
      expect.stringContaining("// config/initializers/asset_sync.rb: it is"),
    ]);
    await rm(join(world.tree.path, "config/asset_sync.yml"));
    const { hostname, port } = new URL(world.double.endpoint);
    const fog = { FOG_PROVIDER: "AWS", FOG_DIRECTORY: BUCKET, FOG_HOST: hostname, FOG_PORT: port, FOG_SCHEMA: "http" };
    expect(await asset(["plan", "--release", "v1"], { ...fog, FOG_PATH_STYLE: "true" })).toEqual([0, note]);
  });

  it("counts its variables where there is no file", async () => {
    await using world = await syncFixture(BUILD);
    const asset = await gemApp(world);
    await world.tree.write({ "config/asset_sync.yml": "" });
    const { hostname, port } = new URL(world.double.endpoint);
    const fog = {
      FOG_PROVIDER: "AWS",
      FOG_DIRECTORY: BUCKET,
      FOG_HOST: hostname,
      FOG_PORT: port,
      FOG_SCHEMA: "http",
      FOG_PATH_STYLE: "true",
    };
    expect(await asset(["sync"], fog)).toEqual([2, expect.stringContaining("expected environments")]);
    await rm(join(world.tree.path, "config"), { recursive: true });
    expect(await asset(["sync", "--release", "v1"], fog)).toEqual([0, expect.stringContaining("sent 5 files")]);
    const [imported, printed] = await asset(["import"], fog);
    expect([imported, printed]).toEqual([0, expect.stringContaining(`to: "s3://${BUCKET}"`)]);
    expect(await asset(["import"])).toEqual([2, expect.stringContaining("FOG_DIRECTORY are not both set")]);
  });
});
