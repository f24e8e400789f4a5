import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";
import { parse } from "yaml";

const EXAMPLES = join(import.meta.dirname, "../..");
const read = (path: string): string => readFileSync(join(EXAMPLES, path), "utf8");

interface Service {
  readonly image?: string;
  readonly build?: { readonly context: string; readonly target?: string };
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly depends_on?: Readonly<Record<string, unknown>>;
  readonly develop?: { readonly watch: readonly { readonly path: string }[] };
}

const compose: { readonly services: Readonly<Record<string, Service>> } = parse(read("compose.yaml"), { merge: true });
const services = Object.entries(compose.services);
const environment = compose.services["app"]?.environment ?? {};

describe("compose.yaml", () => {
  it("has app, worker, PDF service, database and store", () => {
    expect(services.map(([name]) => name)).toEqual(["app", "worker", "pdf", "database", "store"]);
  });

  it("builds what is here, and takes everything else by a version", () => {
    const foreign = services.filter(([, { build }]) => build === undefined).map(([, { image }]) => image);
    expect(foreign).toEqual(["database", "store"].map((name) => compose.services[name]?.image));
    for (const image of foreign) expect(image).toMatch(/^[a-z/]+:v?\d+\.\d+/);
    const lacking = services.flatMap(([, { build }]) => (build === undefined || isStage(build) ? [] : [build]));
    expect(lacking).toEqual([]);
  });

  it("watches, waits for and connects to what is there", () => {
    const paths = services.flatMap(([, { develop }]) => (develop?.watch ?? []).map(({ path }) => path));
    expect(paths.filter((path) => !existsSync(join(EXAMPLES, path)))).toEqual([]);
    const needed = services.flatMap(([, { depends_on = {} }]) => Object.keys(depends_on));
    expect(needed.filter((name) => !(name in compose.services))).toEqual([]);
    const hosts = Object.values(environment).flatMap((value) => (URL.canParse(value) ? [new URL(value).hostname] : []));
    expect(hosts).toHaveLength(3);
    for (const host of hosts) expect(compose.services).toHaveProperty(host);
  });

  it("sets only variables that the app's README explains", () => {
    const explained = new Set(read("rails-app/README.md").match(/`[A-Z][A-Z0-9_]+/g));
    const others = Object.keys(environment).filter((variable) => !explained.has(`\`${variable}`));
    expect(others).toEqual(["RAILS_ENV", "AWS_REGION"]);
  });

  it("calls the PDF service and the worker as Terraform does", () => {
    const url = /PDF_URL += "([^"]+)"/.exec(read("terraform/modules/ecs.tf"))?.[1];
    expect(environment["PDF_URL"]).toBe(url);
    const command: unknown = JSON.parse(
      /worker_command += (\[.*\])/.exec(read("terraform/modules/variables.tf"))?.[1] ?? "",
    );
    expect(compose.services["worker"]?.command).toEqual(command);
  });
});

/** Whether a Dockerfile of these examples has the stage. */
function isStage({ context, target = "" }: { readonly context: string; readonly target?: string }): boolean {
  const stages = read(join(context, "Dockerfile")).match(/^FROM .*$/gm) ?? [];
  return stages.some((from) => target === "" || from.endsWith(` AS ${target}`));
}
