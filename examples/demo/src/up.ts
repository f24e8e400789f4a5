import { bundlePrograms } from "../../../scripts/bundle.ts";
import { lookForServers } from "./docker/servers.ts";
import { startStack } from "./docker/stack.ts";
import { runInterruptible, untilInterrupted } from "./interruption.ts";
import { heading, refuse, say } from "./screen.ts";

await runInterruptible(up);

/** Brings the example application up with the servers at hand, until Ctrl-C. Answers the exit code. */
async function up(): Promise<number> {
  const servers = await lookForServers();
  if ("lacking" in servers) return refuse("example:up", servers.lacking);
  await bundlePrograms();
  await using stack = await startStack(servers);
  const { release, admin } = stack;
  heading("Up");
  say(`app          ${stack.url}`);
  say(`admin        ${stack.url}/admin, name ${admin.name}, password ${admin.password}`);
  say(`PDF service  ${stack.pdf.url}/health`);
  say(`assets       ${release.bucket.url}/assets, sitemap ${release.bucket.url}/sitemaps/sitemap.xml.gz`);
  say(`database     ${new URL(release.database.url).pathname.slice(1)}`);
  say(`logs         docker logs --follow ${stack.web.name}, ${stack.worker.name}, ${stack.pdf.container.name}`);
  say("\nCtrl-C stops the containers and removes bucket, database and images.");
  await untilInterrupted();
  return 0;
}
