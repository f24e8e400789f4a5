import { untilInterrupted } from "../interruption.ts";
import { checkPage, type PageCheck, sayAssets } from "../page.ts";
import { heading, refuse, say } from "../screen.ts";
import { buildBaseImages, makeRelease, type Release, type RunningApp, untilServing } from "./chain.ts";
import { inOrder } from "./container.ts";
import { lookForServers, type Servers } from "./servers.ts";

const STARTS = 5;

/** The chain with real images, S3 and PostgreSQL. Answers the exit code. */
export async function runDockerDemo({ stay }: { readonly stay: boolean }): Promise<number> {
  const servers = await lookForServers();
  if ("lacking" in servers) return refuse("demo --docker", servers.lacking);

  heading("The base image: runtime for production, builder for builds");
  await buildBaseImages();
  heading("The app's image: its build uploads the assets and keeps the receipt");
  await using release = await makeRelease(servers);
  await runRelease(servers, release, stay);
  return 0;
}

async function runRelease(servers: Servers, release: Release, stay: boolean): Promise<void> {
  heading(`${STARTS} containers at once: verify the assets, migrate once, become the app`);
  await using started = await release.start(STARTS);
  const { apps } = started;
  const times = await Promise.all(apps.map((app) => untilServing(app)));
  const logs = await Promise.all(
    apps.map(async ({ container }) => (await container.timedLogs()).map((each) => ({ ...each, name: container.name }))),
  );
  for (const { name, line } of inOrder(logs.flat())) say(`${name} | ${line}`);
  const page = await checkPage(apps[0]?.url ?? "", release.bucket.url);
  await summarise({ release, apps, times, page });
  if (!stay) return;
  say(`\nLook at ${apps.map(({ url }) => url).join("  ")}`);
  say(
    `Assets in ${servers.s3.endpoint}/${release.bucket.name}, schema in ${new URL(release.database.url).pathname.slice(1)}.`,
  );
  say("Ctrl-C stops the containers and removes bucket, database and image.");
  await untilInterrupted();
}

interface Outcome {
  readonly release: Release;
  readonly apps: readonly RunningApp[];
  readonly times: readonly number[];
  readonly page: PageCheck;
}

async function summarise({ release, apps, times, page }: Outcome): Promise<void> {
  heading("What happened");
  const seconds = times.map((time) => (time / 1000).toFixed(1)).join(", ");
  say(`release     ${release.id}, image ${release.image}`);
  for (const [version, count] of Object.entries(await release.database.appliedVersions())) {
    say(`migration   ${version} applied ${count === 1 ? "once" : `${count} times`} (counted by the database)`);
  }
  say(`containers  ${apps.length} serve, after ${seconds} s`);
  sayAssets(page);
}
