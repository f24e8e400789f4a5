import { randomBytes } from "node:crypto";
import { chmod, cp } from "node:fs/promises";
import { dirname, join } from "node:path";

import { lookUpServices, outputOf, runSync, startProgram, tempTree, type RunningProgram } from "@slipway/testkit";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

import { lintDockerfile } from "../../src/entrykit/lint/lint-dockerfile.ts";
import { buildProgram } from "../bundle.ts";

const services = lookUpServices("docker");

/** As such Dockerfiles are written, but for the line that puts the program where entrykit was. */
const DOCKERFILE = `FROM node:24-slim
WORKDIR /app
COPY bundle /opt/entrypoint
RUN ln -s /opt/entrypoint/entrypoint.cjs /bin/entrykit && entrykit --symlink
COPY --chmod=755 bin bin
COPY config config
ENV PATH=/app/bin:$PATH RAILS_ENV=production
ENTRYPOINT [ \\
  "prehook", "bundle exec rails db:migrate", "--", \\
  "prehook", "bundle exec rake sitemap:refresh", "--", \\
  "switch", "shell=/bin/sh", "--" \\
]
CMD ["bundle", "exec", "puma", "-C", "config/puma.rb", "-e", "$RAILS_ENV"]
`;

const BUNDLE = `#!/bin/sh
echo "bundle $* (pid $$)"
case "$*" in
  *puma*) trap '' USR1; trap 'echo puma asked; exit 0' TERM; echo ready; while :; do sleep 0.02; done ;;
  *db:migrate*) [ -z "$BROKEN" ] || exit 3 ;;
esac
`;

const image = `slipway-test-${randomBytes(6).toString("hex")}`;
const names: string[] = [];

beforeAll(async () => {
  if (!services.available) return;
  await using built = await buildProgram();
  await using context = await tempTree({
    Dockerfile: DOCKERFILE,
    "bin/bundle": BUNDLE,
    "config/app.conf.tmpl": '{{ range $host := var "HOSTS" | default "a,b" | split "," }}host {{ $host }}\n{{ end }}',
  });
  await cp(dirname(built.file), join(context.path, "bundle"), { recursive: true });
  outputOf("docker", ["build", "--quiet", "--tag", image, context.path], { limitMs: 300_000 });
});
afterEach(() => {
  if (names.length > 0) runSync("docker", ["rm", "--force", ...names.splice(0)]);
});
afterAll(() => {
  if (services.available) runSync("docker", ["rmi", "--force", image]);
});

interface Container extends RunningProgram {
  readonly name: string;
}

function container(flags: readonly string[], command: readonly string[] = []): Container {
  const name = `${image}-${randomBytes(3).toString("hex")}`;
  names.push(name);
  return { ...startProgram("docker", ["run", "--name", name, ...flags, image, ...command]), name };
}

async function ended(program: RunningProgram) {
  const { code } = await program.ended;
  return { code, stdout: program.stdout(), stderr: program.stderr() };
}

const HARDENED = ["--read-only", "--user", "12345:12345", "--cap-drop", "ALL", "--network", "none"];

describe.skipIf(!services.available).each([
  ["as PID 1", []],
  ["under an init", ["--init"]],
] as const)("an image with entrykit's lines, %s", (mode, init) => {
  const flags = [...HARDENED, ...init];

  it("migrates, refreshes, and is the server, which TERM reaches", async () => {
    const program = container(flags);
    await program.says("ready");
    runSync("docker", ["kill", "--signal", "TERM", program.name]);
    const { code, stdout, stderr } = await ended(program);
    expect(stdout.replaceAll(/ \(pid \d+\)/g, "")).toBe(
      "bundle exec rails db:migrate\nbundle exec rake sitemap:refresh\n" +
        "bundle exec puma -C config/puma.rb -e production\nready\npuma asked\n",
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(/puma.*\(pid 1\)/.test(stdout)).toBe(mode === "as PID 1");
  });

  it("ends with 1 when the migration fails", async () => {
    expect(await ended(container([...flags, "--env", "BROKEN=1"]))).toMatchObject({
      code: 1,
      stdout: expect.not.stringContaining("puma") as unknown,
      stderr: "!! exit status 3\n",
    });
  });

  it("is a shell when the last word says so", async () => {
    const { code, stdout } = await ended(container(flags, ["shell"]));
    expect(code).toBe(0);
    expect(stdout).not.toContain("puma");
  });

  it("runs tasks side by side, and asks the other to end when one does", async () => {
    const late = "late=sh -c 'trap \"exit 5\" USR1; echo late up; while :; do sleep 0.02; done'";
    const program = container([...flags, "--entrypoint", "codep"], ["web=bundle exec puma", late]);
    await program.says("ready");
    await program.says("late up");
    runSync("docker", ["kill", "--signal", "USR1", program.name]);
    const { code, stdout, stderr } = await ended(program);
    expect(code).toBe(1);
    expect(stderr).toContain("!! exit status 5\n");
    expect(stdout).toContain("puma asked\n");
    expect(stderr.includes("zombies stay")).toBe(mode === "as PID 1");
  });

  it("renders where it may write, and says so where it may not", async () => {
    const script = ["config/app.conf", "--", "cat", "config/app.conf"];
    const writable = container([...init, "--env", "HOSTS=x,y", "--entrypoint", "render"], script);
    expect(await ended(writable)).toEqual({ code: 0, stdout: "host x\nhost y\n", stderr: "" });
    expect(await ended(container([...flags, "--entrypoint", "render"], script))).toEqual({
      code: 1,
      stdout: "",
      stderr: "!! open config/app.conf: read-only file system\n",
    });
  });
});

describe.skipIf(!services.available).each([
  ["codep", ["-p", "a=sh -c 'echo parent $PPID'"], []],
  ["entrykit", ["-p", "-e"], ["--env", "CODEP_A=sh -c 'echo parent $PPID'"]],
] as const)("%s as PID 1 with tini in the image", (name, words, env) => {
  it("begins anew below tini before it says or does anything", async () => {
    await using folder = await tempTree({ tini: '#!/bin/sh\necho "tini $1" >&2; shift; "$@"; exit $?\n' });
    await chmod(join(folder.path, "tini"), 0o755);
    await chmod(folder.path, 0o755);
    const mount = ["--volume", `${join(folder.path, "tini")}:/usr/local/bin/tini:ro`];
    const { code, stdout, stderr } = await ended(
      container([...HARDENED, ...mount, ...env, "--entrypoint", name], words),
    );
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^parent (?!1\n)\d+\n$/) as unknown });
    expect(stderr).toMatch(/^tini --\nwarning: -p flag not implemented yet[^\n]*\n$/);
  });
});

it("has no traps in its Dockerfile", () => {
  expect(lintDockerfile(DOCKERFILE)).toEqual([]);
});
