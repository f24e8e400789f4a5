import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";

import { execa } from "execa";

import { freePorts } from "../free-ports.ts";
import { interruption } from "../interruption.ts";
import { baseImageCommand } from "../programs.ts";
import { runShown } from "../screen.ts";
import { type AssetBucket, makeAssetBucket } from "./bucket.ts";
import { type Container, type ContainerStart, startContainer, waitUntilServing } from "./container.ts";
import { type CountedDatabase, makeCountedDatabase } from "./database.ts";
import type { Servers } from "./servers.ts";

const EXAMPLES = join(import.meta.dirname, "..", "..", "..");

/** The base images of the examples, as the example app's definition names them. */
export const BASE_TAGS = {
  runtime: "slipway-base:runtime",
  builder: "slipway-base:builder",
  pdf: "slipway-base:pdf",
} as const;

const SERVING_DEADLINE_MS = 120_000;

/** A release: an image, the bucket its assets are in, the database its schema goes to. */
export interface Release extends AsyncDisposable {
  readonly id: string;
  readonly image: string;
  readonly bucket: AssetBucket;
  readonly database: CountedDatabase;
  /** Starts containers of the app at once, each on a port of its own. */
  start(count: number, more?: Partial<ContainerStart>): Promise<StartedApps>;
  /** Builds another release of the app, from its source folder, for the same bucket and database. */
  next(folder: string): Promise<Release>;
}

/** A container of the app and where it serves. */
export interface RunningApp {
  readonly container: Container;
  readonly url: string;
}

/** Containers that are removed together. */
export interface StartedApps extends AsyncDisposable {
  readonly apps: readonly RunningApp[];
}

/** Waits until an app says that it is up, and answers how long that took, in milliseconds. */
export function untilServing({ container, url }: RunningApp): Promise<number> {
  return waitUntilServing(container, `${url}/up`, SERVING_DEADLINE_MS);
}

/** Builds variants of the base image into the local engine: those of the app's image, unless told otherwise. */
export async function buildBaseImages(
  variants: readonly (keyof typeof BASE_TAGS)[] = ["runtime", "builder"],
): Promise<void> {
  for (const variant of variants) {
    const flags = ["--variant", variant, "--tag", BASE_TAGS[variant], "--network", "host"];
    await baseImage("base-image/base-image.config.ts", ["build", ...flags]);
  }
}

/** Builds the image of the PDF service. */
export function buildPdfImage(tag: string): Promise<void> {
  return baseImage("pdf-service/image.config.ts", ["build", "--tag", tag, "--network", "host"]);
}

/** Builds the image in which the app's own tests run. */
export function buildTestImage(tag: string): Promise<void> {
  return baseImage("rails-app/image.config.ts", ["build", "--variant", "test", "--tag", tag, "--network", "host"]);
}

/** Makes bucket and database, and builds the app's image, whose build uploads the assets. All is removed at the end. */
export async function makeRelease(servers: Servers): Promise<Release> {
  const mark = randomBytes(4).toString("hex");
  await using made = new AsyncDisposableStack();
  const bucket = made.use(await makeAssetBucket(servers, `slipway-demo-${mark}`));
  const database = made.use(await makeCountedDatabase(servers.databaseUrl, `slipway_demo_${mark}`));
  const env = appEnvironment(servers, bucket, database);
  const release = made.use(await buildRelease({ servers, bucket, database, env }, join(EXAMPLES, "rails-app")));
  const kept = made.move();
  return { ...release, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

/** What the releases of an application share. */
interface Place {
  readonly servers: Servers;
  readonly bucket: AssetBucket;
  readonly database: CountedDatabase;
  readonly env: Readonly<Record<string, string>>;
}

async function buildRelease(place: Place, folder: string): Promise<Release> {
  const { servers, bucket, database, env } = place;
  const mark = randomBytes(4).toString("hex");
  const id = `release-${mark}`;
  const image = `slipway-demo:${mark}`;
  await buildApp(servers, bucket, { id, image, folder });
  return {
    id,
    image,
    bucket,
    database,
    start: (count, more = {}) => startApps(count, { image, ...more, env: { ...env, ...more.env } }),
    next: (from) => buildRelease(place, from),
    [Symbol.asyncDispose]: async () =>
      void (await execa("docker", ["image", "rm", "--force", image], { detached: true })),
  };
}

async function buildApp(
  servers: Servers,
  bucket: AssetBucket,
  { id, image, folder }: { readonly id: string; readonly image: string; readonly folder: string },
): Promise<void> {
  const secrets = await mkdtemp(join(tmpdir(), "slipway-secret-"));
  const secret = join(secrets, "credentials");
  try {
    const { accessKeyId, secretAccessKey, endpoint, region } = servers.s3;
    const keys = `[default]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`;
    await writeFile(secret, keys, { mode: 0o600 });
    const args = {
      ASSET_SYNC_TO: `s3://${bucket.name}`,
      ASSET_SYNC_RELEASE: id,
      ASSET_SYNC_ENDPOINT: endpoint,
      ASSET_SYNC_REGION: region,
      ASSET_SYNC_PATH_STYLE: "true",
    };
    const buildArgs = Object.entries(args).flatMap(([name, value]) => ["--build-arg", `${name}=${value}`]);
    const flags = ["--variant", "app", "--tag", image, "--network", "host", "--secret", `id=aws,src=${secret}`];
    const config = relative(EXAMPLES, join(folder, "image.config.ts"));
    await baseImage(config, ["build", ...flags, ...buildArgs]);
  } finally {
    await rm(secrets, { recursive: true, force: true });
  }
}

async function startApps(count: number, start: Omit<ContainerStart, "name">): Promise<StartedApps> {
  await using made = new AsyncDisposableStack();
  const ports = await freePorts(count);
  const starts = await Promise.allSettled(
    ports.map(async (port) => {
      const env = { PORT: String(port), ...start.env };
      const name = `slipway-demo-${randomBytes(4).toString("hex")}`;
      const container = made.use(await startContainer({ ...start, name, env }));
      return { container, url: `http://127.0.0.1:${port}` };
    }),
  );
  const failed = starts.find((each) => each.status === "rejected");
  if (failed !== undefined) throw failed.reason;
  interruption.throwIfAborted();
  const apps = starts.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
  const kept = made.move();
  return { apps, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

function appEnvironment(servers: Servers, bucket: AssetBucket, database: CountedDatabase): Record<string, string> {
  return {
    DATABASE_URL: database.url,
    ASSET_HOST: bucket.url,
    // one for all containers: a form from one is sent to another
    SECRET_KEY_BASE: randomBytes(32).toString("hex"),
    FORCE_SSL: "false",
    UPLOADS_BUCKET: bucket.name,
    SITEMAP_BUCKET: bucket.name,
    S3_PATH_STYLE: "true",
    AWS_ENDPOINT_URL_S3: servers.s3.endpoint,
    AWS_REGION: servers.s3.region,
    AWS_ACCESS_KEY_ID: servers.s3.accessKeyId,
    AWS_SECRET_ACCESS_KEY: servers.s3.secretAccessKey,
    // other stores than AWS's may keep checksums that follow the content as part of it
    AWS_REQUEST_CHECKSUM_CALCULATION: "when_required",
  };
}

function baseImage(config: string, args: readonly string[]): Promise<void> {
  const shown = args.map((arg) => arg.replace(/src=.*/, "src=…"));
  return runShown({
    typed: `base-image --config ${config} ${shown.join(" ")}`,
    command: [...baseImageCommand(), "--config", config, ...args],
    cwd: EXAMPLES,
  });
}
