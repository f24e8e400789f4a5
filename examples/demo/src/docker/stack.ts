import { randomBytes } from "node:crypto";

import { execa } from "execa";

import { freePorts } from "../free-ports.ts";
import { heading } from "../screen.ts";
import { buildBaseImages, buildPdfImage, makeRelease, type Release, type StartedApps, untilServing } from "./chain.ts";
import { type Container, startContainer, waitUntilServing } from "./container.ts";
import type { Servers } from "./servers.ts";

const PDF_DEADLINE_MS = 60_000;

/** As on Fargate: nothing is written but temporary files, and there is nothing more to gain by breaking out. */
const LOCKED = ["--read-only", "--tmpfs", "/tmp", "--cap-drop", "ALL", "--security-opt", "no-new-privileges"];

/** The application as it runs in production: web, worker and PDF service, with database and store. */
export interface Stack extends AsyncDisposable {
  readonly release: Release;
  readonly url: string;
  readonly admin: { readonly name: string; readonly password: string };
  readonly pdf: { readonly url: string; readonly container: Container };
  readonly web: Container;
  readonly worker: Container;
}

/** Builds, starts, migrates and seeds all of it; containers are asked to end, and all is removed, when the scope ends. */
export async function startStack(servers: Servers): Promise<Stack> {
  await using made = new AsyncDisposableStack();
  heading("Images: base, app with its assets uploaded, PDF service");
  await buildBaseImages(["runtime", "builder", "pdf"]);
  const release = made.use(await makeRelease(servers));
  const pdfImage = `${release.image}-pdf`;
  await buildPdfImage(pdfImage);
  made.defer(async () => void (await execa("docker", ["image", "rm", "--force", pdfImage], { detached: true })));

  heading("Containers: PDF service, web, worker");
  const pdf = await startPdf(pdfImage);
  made.defer(() => ended(pdf.container));
  const admin = { name: "admin", password: randomBytes(9).toString("base64url") };
  const env = { PDF_URL: pdf.url, ADMIN_PASSWORD: admin.password };
  const web = await startOne(made, release, { env, options: LOCKED });
  const worker = await startOne(made, release, { env, options: LOCKED, command: ["bin/jobs"] });
  await untilServing(web);

  heading("Three people, and the sitemap");
  for (const task of ["db:seed", "sitemap:create"]) await runToEnd(release, ["bin/rails", task]);
  const kept = made.move();
  return {
    release,
    url: web.url,
    admin,
    pdf,
    web: web.container,
    worker: worker.container,
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

async function startPdf(image: string): Promise<Stack["pdf"]> {
  const [port = 0] = await freePorts(1);
  const name = `slipway-demo-pdf-${randomBytes(4).toString("hex")}`;
  const container = await startContainer({ image, name, options: LOCKED, env: { PORT: String(port) } });
  const url = `http://127.0.0.1:${port}`;
  await waitUntilServing(container, `${url}/health`, PDF_DEADLINE_MS).catch(async (error: unknown) => {
    await container[Symbol.asyncDispose]();
    throw error;
  });
  return { container, url };
}

async function startOne(
  made: AsyncDisposableStack,
  release: Release,
  start: Parameters<Release["start"]>[1],
): Promise<StartedApps["apps"][number]> {
  const { apps } = await release.start(1, start);
  const [app] = apps;
  if (app === undefined) throw new Error("no container was started");
  made.defer(() => ended(app.container));
  return app;
}

async function runToEnd(release: Release, command: readonly string[]): Promise<void> {
  await using started = await release.start(1, { command });
  const container = started.apps[0]?.container;
  if ((await container?.wait()) !== 0) throw new Error(`${command.join(" ")} failed\n${await container?.logs()}`);
}

async function ended(container: Container): Promise<void> {
  try {
    await container.stop();
  } finally {
    await container[Symbol.asyncDispose]();
  }
}
