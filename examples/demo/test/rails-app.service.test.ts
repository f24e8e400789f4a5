import { once } from "node:events";
import { createServer } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { gunzipSync } from "node:zlib";

import { lookUpServices } from "@slipway/testkit";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { BASE_TAGS, buildBaseImages, makeRelease, type Release, untilServing } from "../src/docker/chain.ts";
import { freePorts } from "../src/free-ports.ts";
import { baseImageCommand } from "../src/programs.ts";
import { Admin, type Answer, ask } from "./app-client.ts";
import { presentServers } from "./present-servers.ts";

const services = lookUpServices("docker", "s3", "postgres");
const ADMIN_PASSWORD = "correct horse";
const RESUME = { name: "高橋 三郎", job_title: "校正者", years_of_experience: "7" };

describe.skipIf(!services.available)(`the example app in its image ${services.reason}`, () => {
  let release: Release;

  beforeAll(async () => {
    await buildBaseImages();
    release = await makeRelease(presentServers());
  });

  afterAll(() => release?.[Symbol.asyncDispose]());

  it("lets a load balancer's health check through, and it alone", async () => {
    const env = { FORCE_SSL: "true", APP_HOSTS: "proff.example.com", ADMIN_PASSWORD };
    await using started = await release.start(1, { env });
    const [app] = started.apps;
    if (app === undefined) throw new Error("nothing was started");
    await untilServing(app);
    const status = async (path: string, headers: Readonly<Record<string, string>>): Promise<number | undefined> =>
      (await ask(`${app.url}${path}`, { headers })).status;
    const foreign = { host: "10.0.0.7" };
    const behindTls = { host: "proff.example.com", "x-forwarded-proto": "https" };

    expect({
      "the check, by address and without TLS": await status("/up", foreign),
      "a page of a foreign host": await status("/", foreign),
      "a page without TLS": await status("/", { host: "proff.example.com" }),
      "a page": await status("/", behindTls),
      "an admin page": await status("/admin", behindTls),
      "an admin page with the password": await status("/admin", {
        ...behindTls,
        authorization: `Basic ${Buffer.from(`admin:${ADMIN_PASSWORD}`).toString("base64")}`,
      }),
    }).toEqual({
      "the check, by address and without TLS": 200,
      "a page of a foreign host": 403,
      "a page without TLS": 301,
      "a page": 200,
      "an admin page": 401,
      "an admin page with the password": 200,
    });
  });

  it("says when to come back for a PDF, until the worker has made it and put it into the store", async () => {
    await using pdfService = await startPdfDouble();
    const [closed = 0] = await freePorts(1);
    const away = { ADMIN_PASSWORD, PDF_URL: `http://127.0.0.1:${closed}` };
    await using web = await release.start(1, { env: away });
    const [app] = web.apps;
    if (app === undefined) throw new Error("nothing was started");
    await untilServing(app);
    const pdf = `${await new Admin(app.url, ADMIN_PASSWORD).writeResume(RESUME)}.pdf`;

    const early = await ask(pdf);
    expect(early.status).toBe(503);
    expect(early.headers).toMatchObject({ "retry-after": "10", "content-type": "text/html; charset=utf-8" });
    expect(String(early.body)).toContain("No PDF at the moment");

    await using worker = await release.start(1, { command: ["bin/jobs"], env: { PDF_URL: pdfService.url } });
    const made = await untilFound(pdf, () => worker.apps[0]?.container.logs());
    expect(made.headers["content-type"]).toBe("application/pdf");
    expect(String(made.body)).toBe("%PDF-1.7 of 高橋 三郎 %%EOF");

    await worker.apps[0]?.container.kill("TERM");
    expect(await worker.apps[0]?.container.wait()).toBe(0);
  });

  it("puts the sitemap where visitors find the assets", async () => {
    await using migrated = await release.start(1, { command: ["bin/rails", "db:seed"] });
    expect(await migrated.apps[0]?.container.wait()).toBe(0);
    await using task = await release.start(1, { command: ["bin/rails", "sitemap:create"] });
    expect([await task.apps[0]?.container.wait(), await task.apps[0]?.container.logs()]).toEqual([
      0,
      expect.any(String),
    ]);

    const answer = await ask(`${release.bucket.url}/sitemaps/sitemap.xml.gz`);
    const count = await release.database.query("SELECT count(*)::int AS resumes FROM resumes");
    const locations = String(gunzipSync(answer.body)).match(/<loc>[^<]+\/resumes\/\d+<\/loc>/g) ?? [];
    expect(count).toEqual([{ resumes: locations.length }]);
    expect(locations.length).toBeGreaterThanOrEqual(3);
  });

  it("is the base image, its gems and its own files, and less than a tenth more", async () => {
    const [all, base] = await Promise.all([unpackedBytes(release.image), unpackedBytes(BASE_TAGS.runtime)]);
    const measured = await inImage(release.image, "du -sbc /usr/local/bundle /app | tail -1");
    expect(all).toBeLessThan(1.1 * (base + Number.parseInt(measured, 10)));
  });

  it("holds no JavaScript package, no compiler and no browser", async () => {
    const programs = ["cc", "c++", "gcc", "g++", "ld", "make", "esbuild", "sass", "chromium", "chrome-headless-shell"];
    const search = [
      `for program in ruby ${programs.join(" ")}; do command -v $program; done`,
      "find / -xdev ( -name node_modules -o -iname '*chrom*headless*' ) -not -path '/usr/local/lib/node_modules*'",
    ];
    // ruby shows that the search finds what is there
    expect(await inImage(release.image, search.join("\n").replaceAll(/[()]/g, "\\$&"))).toBe("/usr/local/bin/ruby");
  });
});

/** A PDF service that answers with the title of the page it was sent. */
async function startPdfDouble(): Promise<AsyncDisposable & { readonly url: string }> {
  const server = createServer((asked, answer) => {
    const chunks: Buffer[] = [];
    asked.on("data", (chunk: Buffer) => chunks.push(chunk));
    asked.on("end", () => {
      const title = /<title>([^<]*)<\/title>/.exec(String(Buffer.concat(chunks)))?.[1];
      answer.writeHead(200, { "content-type": "application/pdf" }).end(`%PDF-1.7 of ${title} %%EOF`);
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the system gave no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await once(server.close(), "close");
    },
  };
}

/** Asks until the answer is 200. */
async function untilFound(url: string, logs: () => Promise<string> | undefined): Promise<Answer> {
  const deadline = performance.now() + 60_000;
  for (;;) {
    const answer = await ask(url);
    if (answer.status === 200) return answer;
    if (performance.now() > deadline) throw new Error(`${url} answers ${answer.status}\n${await logs()}`);
    await wait(200);
  }
}

async function unpackedBytes(image: string): Promise<number> {
  const [program = "", ...words] = baseImageCommand();
  const { stdout } = await execa(program, [...words, "--json", "layers", image]);
  const summary: { readonly tarBytes: number } = JSON.parse(stdout.split("\n").at(-1) ?? "");
  return summary.tarBytes;
}

async function inImage(image: string, script: string): Promise<string> {
  const run = ["run", "--rm", "--user", "root", "--entrypoint", "sh", image, "-c", script];
  return (await execa("docker", run, { reject: false })).stdout;
}
