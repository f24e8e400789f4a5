import { lookUpServices } from "@slipway/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { buildProgram, type BuiltProgram } from "../bundle.ts";
import { bootContainer, HARD } from "./boot-container.ts";

const services = lookUpServices("docker");

let built: BuiltProgram;
beforeAll(async () => {
  built = await buildProgram();
});
afterAll(async () => built[Symbol.asyncDispose]());

/**
 * An app that at TERM closes its port, waits for a file, for the end of the task's process and until there are as many zombies as
 * its argument says, tells their number after five seconds at the latest, and ends. It waits because below any parent what has
 * ended is a zombie until it is taken in.
 */
const APP = `
const fs = require("node:fs");
const wanted = Number(process.argv[2]);
const read = (pid, name) => { try { return fs.readFileSync("/proc/" + pid + "/" + name, "utf8"); } catch { return ""; } };
const server = require("node:net").createServer((socket) => socket.destroy());
server.listen(3000, () => console.log("listening"));
process.on("SIGTERM", () => {
  server.close();
  const latest = Date.now() + 5000;
  setInterval(() => {
    const pids = fs.readdirSync("/proc").filter((name) => /^[0-9]+$/.test(name));
    const helper = pids.some((pid) => read(pid, "cmdline").includes("entrypoint.cjs\\0background"));
    const zombies = pids.filter((pid) => / Z /.test(read(pid, "stat"))).length;
    const settled = fs.existsSync("/tmp/over") && !helper && zombies === wanted;
    if (!settled && Date.now() < latest) return;
    console.log("zombies: " + zombies);
    process.exit(0);
  }, 20);
});
`;

const TASK = `
trap 'echo got TERM; touch /tmp/over; exit 143' TERM
echo "parent $(cut -d' ' -f4 /proc/$PPID/stat)"
while :; do sleep 0.05; done`;

const DEFINITION = { tasks: [{ task: "run", name: "sitemap", run: ["sh", "-c", TASK], background: true }] };

async function boot(flags: readonly string[], zombies: number) {
  const command = ["node", "app.cjs", `${zombies}`];
  const options = { files: { "app.cjs": APP }, command };
  const all = ["--network", "none", "--tmpfs", "/tmp", ...HARD, ...flags];
  await using start = await bootContainer(built, DEFINITION, all, options);
  await start.program.says(/sitemap \| parent 1$/m);
  await start.stop();
  return await start.end();
}

describe.skipIf(!services.available)("a task in the background of a container", () => {
  it("below an init is the init's, ends with the app and leaves no zombie", async () => {
    const { code, stdout, stderr } = await boot(["--init"], 0);
    expect({ code, stdout }).toEqual({ code: 0, stdout: "listening\nzombies: 0\n" });
    expect(stderr).toContain("sitemap | got TERM\n");
    expect(stderr).not.toContain("zombies stay");
  });

  it("with the app as PID 1 stays behind as a zombie, and that is said at the start", async () => {
    const { code, stdout, stderr } = await boot([], 1);
    expect({ code, stdout }).toEqual({ code: 0, stdout: "listening\nzombies: 1\n" });
    expect(stderr).toContain("sitemap | got TERM\n");
    expect(stderr).toContain("zombies stay, the process of background tasks when it has ended among them");
  });
});
